import TunnelCore

extension AutomaticSettings {
    /// What is left when the operator has set some flags.
    init(given: Set<String>) {
        self = []
        if !given.contains("sndwnd") { self.insert(.sendWindow) }
        if !given.contains("rcvwnd") { self.insert(.receiveWindow) }
        if given.isDisjoint(with: ["streambuf", "smuxbuf"]) { self.insert(.streamBuffer) }
        if given.isDisjoint(with: ["datashard", "parityshard"]) { self.insert(.parity) }
    }
}
