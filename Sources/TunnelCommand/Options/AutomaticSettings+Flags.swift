import TunnelCore

extension AutomaticSettings {
    /// Each with its flags: to set one of them is to set all.
    private static let flagNames: [(setting: AutomaticSettings, names: Set<String>)] = [
        (.sendWindow, ["sndwnd"]), (.receiveWindow, ["rcvwnd"]), (.streamBuffer, ["streambuf", "smuxbuf"]),
        (.parity, ["datashard", "parityshard"]),
    ]

    /// What is left when the operator has set some flags.
    init(given: Set<String>) {
        self.init(Self.flagNames.filter { $0.names.isDisjoint(with: given) }.map(\.setting))
    }

    /// The flags of all of them.
    var flagNames: Set<String> {
        Self.flagNames.filter { self.contains($0.setting) }.reduce(into: []) { $0.formUnion($1.names) }
    }
}
