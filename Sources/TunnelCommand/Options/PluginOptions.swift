/// The text of `SS_PLUGIN_OPTIONS` (SIP003): `name=value` and plain `name`, apart from each other by semicolons. A
/// backslash takes the special meaning from the character behind it.
package struct PluginOptions: Hashable, Sendable {
    /// One option; without a value it is a switch that is on.
    package struct Option: Hashable, Sendable {
        /// Without escapes.
        package var name: String
        /// Without escapes; empty for `name=`.
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

    /// Whether the word `server` is among them.
    package var asksForServer: Bool { self.options.contains(Self.server) }

    /// The word that makes the `kcptun` program a server. Other plugins that can be both have the same.
    static let server = Option(name: "server", value: nil)
}
