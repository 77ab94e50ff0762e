import TunnelCore

/// A flag with the value that is really used, and where that comes from.
package struct EffectiveSetting: Hashable, Sendable {
    package var flag: CommandLineFlag
    package var value: FlagValue
    package var origin: SettingOrigin
}

/// All settings of a program as they count in the end.
package struct EffectiveSettings: Sendable {
    /// In the order of the help page.
    package private(set) var all: [EffectiveSetting]

    package init<Settings: TunnelSettings>(_ loaded: LoadedOptions<Settings.Options>, _ settings: Settings) {
        let given = Dictionary(uniqueKeysWithValues: loaded.settings.map { ($0.flag.name, $0) })
        self.all = FlagTable(of: Settings.Options.self).settableFlags.map { flag in
            let setting = given[flag.name]
            return EffectiveSetting(
                flag: flag, value: setting?.value ?? flag.defaultValue, origin: setting?.origin ?? .builtIn)
        }
        for warning in settings.warnings {
            if let (flag, value) = warning.adjustment { self.update(flag) { $0.value = .integer(value) } }
        }
        let link = settings.options.shared.link
        self.applyMode(link.mode, settings.noDelay)
        if SendingRules(option: link.sendingRules) != .original { self.mark(settings.automatic) }
    }

    package subscript(name: String) -> EffectiveSetting? { self.all.first { $0.flag.name == name } }

    /// A named mode overrides the flags that it stands for.
    private mutating func applyMode(_ mode: String, _ parameters: NoDelayParameters) {
        guard mode != NoDelayParameters.manualMode else { return }
        for (flag, value) in parameters.valuesByFlag {
            self.update(flag) {
                $0.value = .integer(value)
                $0.origin = .mode(mode)
            }
        }
    }

    private mutating func mark(_ settings: AutomaticSettings) {
        for flag in settings.flagNames { self.update(flag) { $0.origin = .automatic } }
    }

    private mutating func update(_ name: String, _ change: (inout EffectiveSetting) -> Void) {
        guard let index = self.all.firstIndex(where: { $0.flag.name == name }) else { return }
        change(&self.all[index])
    }

    /// Goes back to the values of `other` for some flags.
    mutating func restore(_ names: Set<String>, from other: EffectiveSettings) {
        for setting in other.all where names.contains(setting.flag.name) {
            self.update(setting.flag.name) { $0 = setting }
        }
    }
}

extension NoDelayParameters {
    /// With the flags that set them in the manual mode.
    var valuesByFlag: KeyValuePairs<String, Int> {
        [
            "nodelay": self.noDelay, "interval": self.intervalMilliseconds, "resend": self.resend,
            "nc": self.noCongestionControl,
        ]
    }
}

extension FlagTable {
    /// All but those that only ask something of the command line.
    var settableFlags: [CommandLineFlag] { self.flags.filter { $0 != .help && $0 != .version } }
}

extension CommandLineFlag {
    /// Whether its value must not be shown.
    var isSecret: Bool { self.name == "key" }
}

extension FlagValue: CustomStringConvertible {
    package var description: String {
        switch self {
        case .boolean(let isOn): "\(isOn)"
        case .integer(let number): "\(number)"
        case .text(let text): text
        }
    }
}
