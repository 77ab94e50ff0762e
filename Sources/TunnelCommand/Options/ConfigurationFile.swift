/// The JSON file of `-c`, read as settings that go behind the command line's (protocol 06 §2).
package struct ConfigurationFile: Hashable, Sendable {
    /// In the order of the file; of several for one flag the last one counts.
    package var settings: [FlagSetting] = []
    /// Keys that stand for no flag of this program, in the order of the file. The original ignores them in silence.
    package var unknownKeys: [String] = []

    /// Reads a file's bytes. `path` is for the messages.
    package init(_ bytes: [UInt8], path: String, table: FlagTable) throws(ConfigurationFileError) {
        var text = JSONText(bytes)
        let document: (value: JSONValue, members: [JSONMember])
        do {
            document = try text.readDocument()
        } catch {
            throw ConfigurationFileError(path: path, problems: [.syntax(error)])
        }
        guard document.value == .object || document.value == .null else {
            throw ConfigurationFileError(path: path, problems: [.notAnObject(found: document.value.summary)])
        }
        let problems = document.members.compactMap { self.take($0, table: table) }
        guard problems.isEmpty else { throw ConfigurationFileError(path: path, problems: problems) }
    }

    /// Adds one member; returns what is wrong with it.
    private mutating func take(_ member: JSONMember, table: FlagTable) -> ConfigurationFileError.Problem? {
        guard let flag = table.flag(configurationKey: member.key) else {
            self.unknownKeys.append(member.key)
            return nil
        }
        if member.value == .null { return nil }
        guard let value = flag.kind.value(of: member.value) else {
            let found = flag.name == "key" ? member.value.kindSummary : member.value.summary
            return .wrongType(key: member.key, expected: flag.kind.summary, found: found)
        }
        self.settings.append(FlagSetting(flag: flag, value: value))
        return nil
    }
}

/// Why a configuration file cannot be used.
package struct ConfigurationFileError: OperatorError, Hashable {
    package enum Problem: Hashable, Sendable {
        case unreadable(reason: String)
        case syntax(JSONSyntaxError)
        case notAnObject(found: String)
        case wrongType(key: String, expected: String, found: String)
    }

    package var path: String
    package var problems: [Problem]

    package var exitStatus: Int32 { ExitStatus.configuration }

    package var description: String {
        self.problems.map { "configuration file \(self.path): \($0)" }.joined(separator: "\n")
    }
}

extension ConfigurationFileError.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let reason): reason
        case .syntax(let error): error.description
        case .notAnObject(let found): "expected an object such as {\"mtu\": 1350}, found \(found)"
        case .wrongType(let key, let expected, let found):
            "\(GoLiteral.quoted(key)) expects \(expected), found \(found)"
        }
    }
}

extension CommandLineFlag.Kind {
    fileprivate func value(of json: JSONValue) -> FlagValue? {
        switch (self, json) {
        case (.boolean, .boolean(let isOn)): .boolean(isOn)
        case (.integer, .number(let digits)): Int(digits).map(FlagValue.integer)
        case (.text, .text(let text)): .text(text)
        default: nil
        }
    }

    fileprivate var summary: String {
        switch self {
        case .boolean: "true or false"
        case .integer: "a whole number"
        case .text: "a text in double quotes"
        }
    }
}

extension JSONValue {
    fileprivate var summary: String {
        switch self {
        case .number(let digits): "the number \(digits)"
        case .text(let text): "the text \(GoLiteral.quoted(text))"
        case .boolean(let isOn): "\(isOn)"
        case .null, .list, .object: self.kindSummary
        }
    }

    /// The summary without the value, which may be secret.
    fileprivate var kindSummary: String {
        switch self {
        case .null: "null"
        case .boolean: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}
