import RateControl

extension Conversation {
    /// Whether what stops us is the window of the peer, or our own, and not the path: it lets out less per round trip
    /// than 1.3 times what the path takes (the share is from simulation; below it parity gains more than it costs).
    package var isPeerWindowBinding: Bool {
        guard let path = self.control.path, let minimum = path.roundTrip.minimum, path.rate > 0 else { return false }
        let byteCount = self.peerLimitedWindow * (self.configuration.mtu + self.control.overheadByteCount)
        return Double(byteCount) * 1e6 / minimum < 1.3 * path.rate
    }
}
