import Ciphers
import PacketPrimitives

/// Notices that a port is woken again and again for nothing but datagrams that cannot be opened.
struct JunkWatch {
    /// How long reading may rest then: less than any round trip that matters, and enough for junk to come in bulk.
    static let pauseMilliseconds = 1

    private var junkCount = 0
    private var openedCount = 0
    private var lastJunk: Instant?

    /// What has become of datagrams of this wake-up.
    mutating func note(_ result: OpenResult) {
        self.openedCount += result.opened
        self.junkCount += result.failedChecksum + result.tooShort
    }

    /// The wake-up is over. Returns whether reading should rest: there was only junk, and so it was just before.
    mutating func endRound(now: Instant) -> Bool {
        defer { (self.junkCount, self.openedCount) = (0, 0) }
        guard self.junkCount > 0, self.openedCount == 0 else {
            self.lastJunk = nil
            return false
        }
        defer { self.lastJunk = now }
        return self.lastJunk.map { now.milliseconds(since: $0) <= 2 * Self.pauseMilliseconds } ?? false
    }
}
