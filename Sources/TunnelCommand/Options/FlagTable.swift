package import ArgumentParser

/// All flags of one program, read off the declarations of its options, so that a flag is declared only once.
package struct FlagTable: Sendable {
    package let flags: [CommandLineFlag]
    private let indexByName: [String: Int]

    package init(flags: [CommandLineFlag]) {
        self.flags = flags
        self.indexByName = .init(
            flags.indices.flatMap { index in flags[index].names.map { ($0, index) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The flags that `options` declares, with `help` and `version`, which every program has.
    package init(of options: any ParsableArguments.Type) {
        let everywhere = [CommandLineFlag.help, .version]
        let declared = Self.declarations(of: options).filter { flag in
            !everywhere.contains { $0.names.contains(flag.name) }
        }
        self.init(flags: declared + everywhere)
    }

    /// The flag with one of its names, which are case-sensitive.
    package subscript(name: String) -> CommandLineFlag? {
        self.indexByName[name].map { self.flags[$0] }
    }

    /// The flag that a key of a configuration file stands for.
    package func flag(configurationKey key: String) -> CommandLineFlag? {
        let key = key.lowercased()
        return self.flags.first { $0.configurationKey == key && $0 != .help && $0 != .version }
    }

    private static func declarations(of options: any ParsableArguments.Type) -> [CommandLineFlag] {
        (HelpDump(of: options).command.arguments ?? []).compactMap(CommandLineFlag.init)
    }
}

extension CommandLineFlag {
    package static let help = CommandLineFlag(names: ["help", "h"], kind: .boolean, dashes: "--")
    package static let version = CommandLineFlag(names: ["version", "v"], kind: .boolean, dashes: "--")

    fileprivate init?(_ argument: HelpDump.Argument) {
        guard let names = argument.names, let first = names.first else { return nil }
        let kind = Kind(argument)
        self.init(
            names: names.map(\.name), kind: kind, dashes: first.kind == "long" ? "--" : "-",
            defaultValue: kind.defaultValue(argument))
    }
}

extension CommandLineFlag.Kind {
    /// Every option has a default, and those whose default is a number take numbers.
    fileprivate init(_ argument: HelpDump.Argument) {
        if argument.kind == "flag" {
            self = .boolean
        } else {
            self = argument.defaultValue.flatMap { Int($0) } == nil ? .text : .integer
        }
    }

    fileprivate func defaultValue(_ argument: HelpDump.Argument) -> FlagValue {
        switch self {
        case .boolean: .boolean(false)
        case .integer: .integer(argument.defaultValue.flatMap { Int($0) } ?? 0)
        case .text: .text(argument.defaultValue ?? "")
        }
    }
}
