import PacketPrimitives
import TunnelCore

/// A limit that providers put in front of a link: what exceeds a rate, after a burst, is dropped at once. Unlike a
/// bottleneck it has no queue, so that no delay tells of it.
package struct Policer: Equatable, Sendable {
    package var bitsPerSecond: Int
    /// How many bytes may come at once after a rest. A longer datagram never passes.
    package var burstByteCount: Int

    package init(bitsPerSecond: Int, burstByteCount: Int) {
        self.bitsPerSecond = bitsPerSecond
        self.burstByteCount = burstByteCount
    }
}

/// A policer at work.
struct PolicerState {
    private var bucket: TokenBucket

    init(_ policer: Policer) {
        self.bucket = TokenBucket(
            bytesPerSecond: max(policer.bitsPerSecond / 8, 1), burstByteCount: policer.burstByteCount,
            now: Instant(microseconds: 0))
    }

    /// Whether a datagram passes; if so, its bytes are used up.
    mutating func passes(byteCount: Int, now: Instant) -> Bool {
        guard self.bucket.allowance(now: now) >= byteCount else { return false }
        self.bucket.spend(byteCount)
        return true
    }
}
