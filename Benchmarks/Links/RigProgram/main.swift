import ArgumentParser

/// The links of the workbench over real sockets. See docs/links.md.
struct RigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tunnel-link-rig", abstract: "Bad links over real sockets.",
        subcommands: [RunCommand.self, FloodCommand.self, EventsCommand.self, SoakCommand.self],
        defaultSubcommand: RunCommand.self)
}

RigCommand.main()
