import ArgumentParser

extension TunnelOptions {
    /// The program's help, as wide as the terminal unless told otherwise.
    package static func helpPage(columns: Int? = nil) -> String {
        HelpPage<Self>.helpMessage(includeHidden: false, columns: columns)
    }
}

/// The options as a command, which has a name and a version.
private struct HelpPage<Options: TunnelOptions>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Options.programName, abstract: Options.abstract,
            discussion: """
                Flags may have one dash or two, and a space or an equals sign before the value: -mtu 1350 is --mtu=1350. \
                Flags without a value are switched off with =false.
                """,
            version: "shown")
    }

    @OptionGroup var options: Options
}
