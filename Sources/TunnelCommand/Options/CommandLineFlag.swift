import TunnelRuntime

/// One flag of a program as the original's command line and configuration file know it.
package struct CommandLineFlag: Hashable, Sendable {
    /// What a flag takes.
    package enum Kind: Sendable { case boolean, integer, text }

    /// Without dashes; the first one is the full name, and the name that our own parser is given.
    package var names: [String]
    package var kind: Kind
    /// The dashes that our own parser wants in front of the full name.
    package var dashes: String
    /// What it is set to if nobody sets it.
    package var defaultValue: FlagValue

    package init(names: [String], kind: Kind, dashes: String, defaultValue: FlagValue = .boolean(false)) {
        self.names = names
        self.kind = kind
        self.dashes = dashes
        self.defaultValue = defaultValue
    }

    package var name: String { self.names[0] }

    /// Whether it may be given several times, and be a list in a configuration file: the texts are joined by commas.
    var takesSeveral: Bool { self.name == "remoteaddr" }

    /// Several values as one. What a single text may have without effect is an error here.
    func joined(_ texts: [String]) throws(AddressFormatError) -> String {
        for text in texts { _ = try PortRange.list(text) }
        return texts.joined(separator: ",")
    }

    /// The key in a configuration file, in lower case; keys are matched without regard to case (protocol 06 §2).
    package var configurationKey: String? {
        switch self.name {
        case "c": nil
        case "QPPCount": "qpp-count"
        default: self.name.lowercased()
        }
    }
}

/// What a flag was set to.
package enum FlagValue: Hashable, Sendable {
    case boolean(Bool)
    case integer(Int)
    case text(String)
}

/// A flag together with its value.
package struct FlagSetting: Hashable, Sendable {
    package var flag: CommandLineFlag
    package var value: FlagValue
    /// Who has set it.
    package var origin = SettingOrigin.commandLine

    /// The setting as our own parser takes it. Nothing for a boolean that is off, which is every boolean's default.
    package var arguments: [String] {
        let spelling = self.flag.dashes + self.flag.name
        return switch self.value {
        case .boolean(let isOn): isOn ? [spelling] : []
        case .integer(let number): [spelling, String(number)]
        // Apart, it would be looked at as an option; but behind an equals sign the parser takes nothing empty.
        case .text(let text) where text.utf8.first == UInt8(ascii: "-"): ["\(spelling)=\(text)"]
        case .text(let text): [spelling, text]
        }
    }
}

extension [FlagSetting] {
    /// The settings that count: the last one of each flag.
    package var effective: [FlagSetting] {
        var indexByName: [String: Int] = [:]
        var result: [FlagSetting] = []
        for setting in self {
            if let index = indexByName[setting.flag.name] {
                result[index] = setting
            } else {
                indexByName[setting.flag.name] = result.count
                result.append(setting)
            }
        }
        return result
    }

    /// Appends a setting, or joins it to the one that there is of a flag that takes several.
    mutating func add(_ setting: FlagSetting) throws(UsageError) {
        guard setting.flag.takesSeveral, case .text(let more) = setting.value,
            let index = self.firstIndex(where: { $0.flag == setting.flag }), case .text(let text) = self[index].value
        else { return self.append(setting) }
        do {
            self[index].value = .text(try setting.flag.joined([text, more]))
        } catch {
            throw .badEntry(flag: setting.flag.name, error)
        }
    }

    /// The settings that count, as arguments for our own parser.
    package var arguments: [String] { self.effective.flatMap(\.arguments) }

    /// The text that a flag has been set to last.
    package func text(of name: String) -> String? {
        guard case .text(let text) = self.last(where: { $0.flag.name == name })?.value else { return nil }
        return text
    }
}
