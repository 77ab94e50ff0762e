package import ArgumentParser
import TunnelCore

/// `kcptun check`.
package struct CheckCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a configuration and print what it comes to.",
        discussion: """
            Prints every setting with its value and where that comes from: default, environment, command line, file, or \
            the mode that stands for it. With automatic the program chooses while it runs, and the value is what --cc off \
            would use. The exit status is 0 if the program could start with it, and 78 if not.

            More flags of the program may follow behind two dashes, as they stand in its command line:
            kcptun check server -c /etc/kcptun/server.json -- -mode fast3
            """)

    /// Which program the configuration is for.
    enum Role: String, CaseIterable, ExpressibleByArgument { case client, server }

    @Argument(help: "client or server. If it is left out, the keys of the file tell.")
    var role: Role?

    @Option(name: .customShort("c"), help: .init("The JSON file to check.", valueName: "file"))
    var path: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Print what is wrong or doubtful, but not the settings.")
    var quiet = false

    @Argument(parsing: .postTerminator, help: .init("Flags of the program.", valueName: "flags"))
    var flags: [String] = []

    package init() {}

    package func run() throws {
        let report = try self.report(environment: ProcessEnvironment.variables)
        if self.json { print(report.document) } else { report.print(withSettings: !self.quiet) }
        if report.exitStatus != ExitStatus.success { throw ExitCode(report.exitStatus) }
    }

    func report(environment: [String: String]) throws -> CheckReport {
        let arguments = self.flags + (self.path.map { ["-c", $0] } ?? [])
        switch try self.role ?? self.inferredRole() {
        case .client: return CheckReport(ClientProgram.self, arguments, environment: environment)
        case .server: return CheckReport(ServerProgram.self, arguments, environment: environment)
        }
    }

    /// The role whose own keys are in the file.
    private func inferredRole() throws -> Role {
        // What is wrong with a file that cannot be read is said in either role.
        guard let keys = self.path.map(ConfigurationKeys.read) ?? [] else { return .client }
        let (client, server) = (FlagTable(of: ClientOptions.self), FlagTable(of: ServerOptions.self))
        let isForClient = keys.contains { client.hasKey($0) && !server.hasKey($0) }
        let isForServer = keys.contains { server.hasKey($0) && !client.hasKey($0) }
        guard isForClient != isForServer else {
            throw ValidationError("say which program it is for: kcptun check client or kcptun check server")
        }
        return isForClient ? .client : .server
    }
}

extension FlagTable {
    fileprivate func hasKey(_ key: String) -> Bool { self.flag(configurationKey: key) != nil }
}

/// The keys of a configuration file, whatever program it is for.
private enum ConfigurationKeys {
    /// `nil` if the file cannot be read or is no object.
    static func read(_ path: String) -> [String]? {
        guard let bytes = try? SystemFile.read(path), case .object(let members) = try? JSONDocument(bytes) else {
            return nil
        }
        return members.map(\.key)
    }
}
