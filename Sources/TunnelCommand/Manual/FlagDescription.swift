import ArgumentParser

/// A flag with all that a manual or a shell needs to know of it, read off its declaration.
struct FlagDescription {
    var names: [String]
    /// The heading that it stands under.
    var section: String
    /// Left out of the help.
    var isHidden: Bool
    /// What its value is called; `nil` if it takes none.
    var valueName: String?
    var defaultValue: String?
    var abstract: String
    var completion: HelpDump.Completion?

    private init?(_ argument: HelpDump.Argument) {
        guard let names = argument.names else { return nil }
        self.names = names.map(\.name)
        self.section = argument.sectionTitle ?? "Options"
        self.isHidden = argument.shouldDisplay == false
        self.valueName = argument.kind == "flag" ? nil : argument.valueName ?? "value"
        self.defaultValue = self.valueName == nil ? nil : argument.defaultValue
        self.abstract = argument.abstract ?? ""
        self.completion = argument.completionKind
    }

    private init(_ flag: CommandLineFlag, abstract: String) {
        self.names = flag.names
        self.section = "Options"
        self.isHidden = false
        self.abstract = abstract
    }

    /// The flags of a program, in the order of their declaration, and the two that every program has.
    static func flags(of options: any ParsableArguments.Type) -> [FlagDescription] {
        let declared = (HelpDump(of: options).command.arguments ?? []).compactMap(FlagDescription.init)
        return declared.filter { !$0.names.contains(CommandLineFlag.help.name) } + [
            FlagDescription(.help, abstract: "Print a list of the flags."),
            FlagDescription(.version, abstract: "Print the version."),
        ]
    }

    /// Its spellings: one dash or two for a name, one for a letter.
    var spellings: [String] { self.names.flatMap { $0.count == 1 ? ["-\($0)"] : ["-\($0)", "--\($0)"] } }

    /// The abstract up to the first list or the end of its first sentence, for where there is little room.
    var summary: String {
        let ends = [": ", ". ", "; "].compactMap { end in
            self.abstract.indices.first { self.abstract[$0...].hasPrefix(end) }
        }
        var summary = ends.min().map { self.abstract[..<$0] } ?? self.abstract[...]
        if let start = summary.lastIndex(of: "("), !summary[start...].contains(")") { summary = summary[..<start] }
        let trailing: Set<Character> = [" ", "."]
        while let last = summary.last, trailing.contains(last) { summary.removeLast() }
        return String(summary)
    }
}
