/// Reads a command line by the rules of the original's (Go's `flag` package and urfave/cli, protocol 06 §1): one or
/// two dashes, `-name value` or `-name=value`, booleans without a following value; the first other word ends the flags.
package struct GoSpelling: Sendable {
    /// What the operator asked for.
    package enum Request: Hashable, Sendable { case run, help, version }

    /// A command line that has been understood.
    package struct Invocation: Hashable, Sendable {
        package var request: Request
        /// In the order given, with their values checked.
        package var settings: [FlagSetting]
        /// Everything from the first word that is no flag on. The original ignores it in silence.
        package var ignoredWords: [String]
    }

    private let table: FlagTable

    package init(table: FlagTable) { self.table = table }

    /// Reads the arguments, without the program's name.
    package func read(_ arguments: [String]) throws(UsageError) -> Invocation {
        var words = arguments[...]
        var settings: [FlagSetting] = []
        var givenNames: Set<String> = []
        while let word = words.first, word.utf8.count > 1, word.utf8.first == UInt8(ascii: "-") {
            words.removeFirst()
            if word == "--" { break }
            let (name, value) = try Self.split(word)
            guard let flag = self.table[name] else { throw .unknownFlag(name) }
            try settings.add(try Self.setting(of: flag, name: name, value: value, following: &words))
            givenNames.insert(name)
        }
        try self.refuseTwoForms(of: givenNames)
        return Invocation(request: Self.request(settings, words), settings: settings, ignoredWords: Array(words))
    }

    private static func request(_ settings: [FlagSetting], _ words: ArraySlice<String>) -> Request {
        if Self.isOn(.help, in: settings) { return .help }
        if Self.isOn(.version, in: settings) { return .version }
        return words.first == "help" || words.first == "h" ? .help : .run
    }

    private static func isOn(_ flag: CommandLineFlag, in settings: [FlagSetting]) -> Bool {
        settings.last { $0.flag == flag }?.value == .boolean(true)
    }

    /// Takes the dashes and the part from the first `=` on off a word.
    private static func split(_ word: String) throws(UsageError) -> (name: String, value: String?) {
        let dash = UInt8(ascii: "-")
        let equals = UInt8(ascii: "=")
        let bytes = word.utf8.dropFirst()
        let body = bytes.first == dash ? bytes.dropFirst() : bytes
        guard let first = body.first, first != dash, first != equals else { throw .badSyntax(word) }
        guard let end = body.firstIndex(of: equals) else { return (String(Substring(body)), nil) }
        return (String(word[body.startIndex..<end]), String(Substring(body[end...].dropFirst())))
    }

    private static func setting(
        of flag: CommandLineFlag, name: String, value: String?, following words: inout ArraySlice<String>
    ) throws(UsageError) -> FlagSetting {
        guard let value = value ?? (flag.kind == .boolean ? "true" : words.popFirst()) else {
            throw .missingValue(flag: name)
        }
        return try flag.setting(value, name: name)
    }

    private func refuseTwoForms(of givenNames: Set<String>) throws(UsageError) {
        for flag in self.table.flags {
            let forms = flag.names.filter(givenNames.contains)
            if forms.count > 1 { throw .twoForms(forms[1], forms[0]) }
        }
    }
}

extension CommandLineFlag {
    /// The flag set to what `text` says; `name` is the one of its names that the operator used.
    func setting(_ text: String, name: String) throws(UsageError) -> FlagSetting {
        switch self.kind {
        case .text: return FlagSetting(flag: self, value: .text(text))
        case .boolean:
            guard let isOn = GoLiteral.boolean(text) else { throw .invalidBoolean(text, flag: name) }
            return FlagSetting(flag: self, value: .boolean(isOn))
        case .integer:
            do {
                return FlagSetting(flag: self, value: .integer(try GoLiteral.integer(text)))
            } catch {
                throw .invalidInteger(text, flag: name, error)
            }
        }
    }
}
