import ArgumentParser

/// The workbench for bad links. See docs/links.md.
struct LinksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tunnel-links", abstract: "Tunnels over bad links, in virtual time.",
        subcommands: [RunCommand.self, CheckCommand.self, SweepCommand.self, ListCommand.self],
        defaultSubcommand: RunCommand.self)
}

LinksCommand.main()
