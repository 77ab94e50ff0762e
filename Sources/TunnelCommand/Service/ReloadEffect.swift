package import TunnelCore

/// From when on a changed setting counts after the configuration file has been read again.
package enum ReloadEffect: CaseIterable, Sendable {
    /// In live sessions too.
    case atOnce
    case newStreams
    /// Sessions that there are keep what they began with: the other end has to agree on it, or their socket has it. A
    /// client takes a new session for new streams.
    case newSessions
    case restart

    /// For one of a program's flags. What is not named here needs a restart.
    package init(of flag: String, role: TunnelRole) {
        self =
            switch flag {
            case "mode", "nodelay", "interval", "resend", "nc", "acknodelay", "sndwnd", "rcvwnd", "ratelimit",
                "closewait", "autoexpire", "scavengettl", "log-level", "quiet", "snmplog", "snmpperiod", "memlimit":
                .atOnce
            case "target": .newStreams
            case "key", "crypt", "QPP", "QPPCount", "mtu", "datashard", "parityshard", "nocomp", "smuxver", "smuxbuf",
                "framesize", "streambuf", "keepalive", "keepalivetimeout", "cc", "strict":
                .newSessions
            case "remoteaddr", "dscp", "sockbuf", "tcp": role == .client ? .newSessions : .restart
            default: .restart
            }
    }
}

/// A setting that the configuration file has changed.
package struct SettingChange: Hashable, Sendable {
    package var flag: CommandLineFlag
    package var old: FlagValue
    package var new: FlagValue
    package var effect: ReloadEffect

    /// What differs between two states of a program, in the order of the help page. What a mode stands for is not named.
    package static func changes(
        from old: EffectiveSettings, to new: EffectiveSettings, role: TunnelRole
    ) -> [SettingChange] {
        zip(old.all, new.all).compactMap { old, new in
            guard old.value != new.value else { return nil }
            if case .mode = new.origin { return nil }
            let change = SettingChange(
                flag: new.flag, old: old.value, new: new.value, effect: ReloadEffect(of: new.flag.name, role: role))
            return change.shrinksReceiveWindow ? change.with(.newSessions) : change
        }
    }

    /// The other end may be using what it has been told.
    private var shrinksReceiveWindow: Bool {
        guard self.flag.name == "rcvwnd", case (.integer(let old), .integer(let new)) = (self.old, self.new) else {
            return false
        }
        return new < old
    }

    private func with(_ effect: ReloadEffect) -> SettingChange {
        var copy = self
        copy.effect = effect
        return copy
    }
}

extension SettingChange: CustomStringConvertible {
    /// For the log. A secret is not shown.
    package var description: String {
        if self.flag.isSecret { return "\(self.flag.name) (not shown)" }
        return "\(self.flag.name) \(Self.text(self.old)) → \(Self.text(self.new))"
    }

    private static func text(_ value: FlagValue) -> String { value == .text("") ? "\"\"" : "\(value)" }
}

extension [SettingChange] {
    /// A line of the log for each effect, in the order of how soon they count.
    package var lines: [String] {
        ReloadEffect.allCases.compactMap { effect in
            let changes = self.filter { $0.effect == effect }
            guard !changes.isEmpty else { return nil }
            return "\(effect.text): \(changes.map(\.description).joined(separator: ", "))"
        }
    }
}

extension ReloadEffect {
    fileprivate var text: String {
        switch self {
        case .atOnce: "changed at once"
        case .newStreams: "changed for new connections"
        case .newSessions: "changed for new sessions"
        case .restart: "not changed, this needs a restart"
        }
    }
}
