package import ArgumentParser

/// The `kcptun` executable: what there is besides the two programs.
package struct KcptunCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "kcptun", abstract: "Tools for kcptun tunnels.",
        discussion: """
            The tunnel itself is two programs: kcptun-server beside the service that is to be reached, kcptun-client \
            beside the applications that use it. Each explains itself with --help. To see what they do, run: kcptun demo

            Started by shadowsocks as a plugin (SIP003), kcptun is the client, or, with the plugin option "server", the \
            server; the other plugin options are the flags of these programs.
            """,
        version: Version.line,
        subcommands: [
            DemoCommand.self, CheckCommand.self, TopCommand.self, GenerateCommand.self, VersionCommand.self,
        ])

    package init() {}

    /// Does what the process' arguments ask for; ends the process if that fails.
    package static func start() async { await Self.main() }
}

/// `kcptun version`.
package struct VersionCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    package init() {}

    package func run() { print(Version.line) }
}
