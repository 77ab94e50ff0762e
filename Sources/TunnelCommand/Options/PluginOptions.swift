/// The text of `SS_PLUGIN_OPTIONS` (SIP003): `name=value` and plain `name`, apart from each other by semicolons. A
/// backslash takes the special meaning from the character behind it.
package struct PluginOptions: Hashable, Sendable {
    /// One option; without a value it is a switch that is on.
    package struct Option: Hashable, Sendable {
        package var name: String
        package var value: String?
    }

    /// In the order of the text; empty ones are left out.
    package private(set) var options: [Option] = []

    /// Reads the text.
    package init(_ text: String) throws(PluginEnvironmentError) {
        var (name, value): (String, String?) = ("", nil)
        var isEscaped = false
        for character in text {
            switch character {
            case _ where isEscaped:
                isEscaped = false
                Self.append(character, &name, &value)
            case "\\": isEscaped = true
            case ";":
                try self.add(name, value)
                (name, value) = ("", nil)
            case "=" where value == nil: value = ""
            default: Self.append(character, &name, &value)
            }
        }
        guard !isEscaped else { throw .endsInBackslash }
        try self.add(name, value)
    }

    private static func append(_ character: Character, _ name: inout String, _ value: inout String?) {
        if value == nil { name.append(character) } else { value?.append(character) }
    }

    private mutating func add(_ name: String, _ value: String?) throws(PluginEnvironmentError) {
        if name.isEmpty {
            guard let value else { return }
            throw .valueWithoutName(value)
        }
        self.options.append(Option(name: name, value: value))
    }

    /// Whether the word `server` asks for that role. Other plugins that serve at both ends have the same word.
    package var asksForServer: Bool { self.options.contains { $0.name == Self.serverWord && $0.value == nil } }

    /// The word that tells the `kcptun` program to be a server.
    package static let serverWord = "server"
}
