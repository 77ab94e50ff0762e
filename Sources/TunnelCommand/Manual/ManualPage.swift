/// A manual page, written in the macros of man(7). Text between backquotes is set in bold.
struct ManualPage {
    private(set) var text: String

    /// A page of section 1 with its first section. `summary` is a sentence.
    init(name: String, summary: String) {
        let sentence = summary.hasSuffix(".") ? summary.dropLast() : summary[...]
        let summary = sentence.prefix(1).lowercased() + sentence.dropFirst()
        self.text = """
            .TH \(Self.escaped(name.uppercased())) 1 "" "\(Self.escaped(Version.line))" "User Commands"
            .SH NAME
            \(Self.escaped(name)) \\- \(Self.escaped(summary))

            """
    }

    mutating func section(_ title: String) { self.text += ".SH \(Self.escaped(title.uppercased()))\n" }

    mutating func subsection(_ title: String) { self.text += ".SS \(Self.escaped(title))\n" }

    /// Lines stay lines.
    mutating func paragraph(_ text: String) {
        let lines = text.split(separator: "\n").map { Self.line(String($0)) }
        self.text += ".PP\n\(lines.joined(separator: "\n.br\n"))\n"
    }

    /// The paragraphs of a text that has empty lines between them.
    mutating func paragraphs(_ text: String) {
        for paragraph in text.split(separator: "\n\n") { self.paragraph(String(paragraph)) }
    }

    /// Text that belongs to a term.
    mutating func item(_ term: String, _ text: String) { self.text += ".TP\n\(Self.line(term))\n\(Self.line(text))\n" }

    /// What an option does, with its default if there is one.
    static func text(_ abstract: String, defaultValue: String?) -> String {
        guard let value = defaultValue, !value.isEmpty else { return abstract }
        return "\(abstract) (default: \(value))"
    }

    /// Lines that are shown as they are.
    mutating func example(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        self.text += ".PP\n.RS 4\n.nf\n\(lines.map { Self.line(String($0)) }.joined(separator: "\n"))\n.fi\n.RE\n"
    }

    /// A line of running text: markup resolved, and nothing in it taken for a request.
    private static func line(_ text: String) -> String {
        let pieces = text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        let line = pieces.map { $0.isMultiple(of: 2) ? Self.escaped($1) : "\\fB\(Self.escaped($1))\\fR" }.joined()
        return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }

    private static func escaped(_ text: some StringProtocol) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "\n": result += " "
            default: result.append(character)
            }
        }
    }
}
