package import TunnelRuntime

/// The JSON file of `-c`, read as settings that go behind the command line's (protocol 06 §2).
package struct ConfigurationFile: Hashable, Sendable {
    /// In the order of the file; of several for one flag the last one counts.
    package var settings: [FlagSetting] = []
    /// Keys that stand for no flag of this program, in the order of the file. The original ignores them in silence.
    package var unknownKeys: [String] = []

    /// Reads a file's bytes. `path` is for the messages.
    package init(_ bytes: [UInt8], path: String, table: FlagTable) throws(ConfigurationFileError) {
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes)
        } catch {
            throw ConfigurationFileError(path: path, problems: [.syntax(error)])
        }
        var problems: [ConfigurationFileError.Problem] = []
        switch document {
        case .object(let members): problems = members.compactMap { self.take($0.key, $0.value, table: table) }
        case .other(.null): break
        case .other(let value): problems = [.notAnObject(found: value.summary)]
        }
        guard problems.isEmpty else { throw ConfigurationFileError(path: path, problems: problems) }
    }

    /// Adds one member; returns what is wrong with it.
    private mutating func take(
        _ key: String, _ value: JSONValue, table: FlagTable
    ) -> ConfigurationFileError.Problem? {
        guard let flag = table.flag(configurationKey: key) else {
            self.unknownKeys.append(key)
            return nil
        }
        if value == .null { return nil }
        do throws(AddressFormatError) {
            guard let flagValue = try flag.value(of: value) else {
                let found = flag.name == "key" ? value.kindSummary : value.summary
                return .wrongType(key: key, expected: flag.summary, found: found)
            }
            self.settings.append(FlagSetting(flag: flag, value: flagValue, origin: .configurationFile))
            return nil
        } catch {
            return .badEntry(key: key, error)
        }
    }
}

/// Why a configuration file cannot be used.
package struct ConfigurationFileError: OperatorError, Hashable {
    package enum Problem: Hashable, Sendable {
        case unreadable(reason: String)
        case syntax(JSONSyntaxError)
        case notAnObject(found: String)
        case wrongType(key: String, expected: String, found: String)
        /// One of the elements of a list.
        case badEntry(key: String, AddressFormatError)
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
        case .badEntry(let key, let error): "\(GoLiteral.quoted(key)): \(error)"
        }
    }
}

extension CommandLineFlag {
    fileprivate func value(of json: JSONValue) throws(AddressFormatError) -> FlagValue? {
        guard self.takesSeveral, case .list(let elements) = json else { return self.kind.value(of: json) }
        let texts = elements.compactMap { element in
            if case .text(let text) = element { text } else { nil }
        }
        guard !texts.isEmpty, texts.count == elements.count else { return nil }
        return .text(try self.joined(texts))
    }

    fileprivate var summary: String {
        self.takesSeveral ? "\(self.kind.summary), or a list of such texts" : self.kind.summary
    }
}

extension CommandLineFlag.Kind {
    fileprivate func value(of json: JSONValue) -> FlagValue? {
        switch (self, json) {
        case (.boolean, .boolean(let isOn)): .boolean(isOn)
        case (.integer, .integer(let number)): .integer(number)
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
