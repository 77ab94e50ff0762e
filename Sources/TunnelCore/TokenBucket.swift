package import PacketPrimitives

/// A byte rate with a burst allowance.
///
/// Sending is allowed while the balance is above zero and may overdraw it by the last packet, so a burst that
/// is larger than the bucket is delayed, never refused.
package struct TokenBucket: Sendable {
    /// What `--ratelimit` lets through at once in the original: 64 packets of 1500 bytes (protocol 03 §8).
    package static let rateLimitBurstByteCount = 96_000

    package private(set) var bytesPerSecond: Int
    /// The balance never exceeds this.
    package let burstByteCount: Int
    /// Millionths of a byte, so that slow rates do not lose what a short interval earns.
    private var balance: Int
    private var updated: Instant
    private static let scale = 1_000_000

    /// A bucket that lets one burst through at once.
    package init(bytesPerSecond: Int, burstByteCount: Int = Self.rateLimitBurstByteCount, now: Instant) {
        precondition(bytesPerSecond > 0 && burstByteCount > 0)
        self.bytesPerSecond = bytesPerSecond
        self.burstByteCount = burstByteCount
        self.balance = burstByteCount * Self.scale
        self.updated = now
    }

    /// From now on another rate; what has been earned stays.
    package mutating func setRate(bytesPerSecond: Int, now: Instant) {
        precondition(bytesPerSecond > 0)
        self.earn(until: now)
        self.bytesPerSecond = bytesPerSecond
    }

    /// How many bytes may leave now; 0: none.
    package mutating func allowance(now: Instant) -> Int {
        self.earn(until: now)
        return self.balance <= 0 ? 0 : (self.balance + Self.scale - 1) / Self.scale
    }

    private mutating func earn(until now: Instant) {
        let full = self.burstByteCount * Self.scale
        let elapsed = now.microseconds(since: self.updated)
        self.updated = max(self.updated, now)
        // Looked at first, as the product may be more than there are numbers for.
        let isFull = elapsed > (full - self.balance) / self.bytesPerSecond
        self.balance = isFull ? full : self.balance + elapsed * self.bytesPerSecond
    }

    package mutating func spend(_ byteCount: Int) { self.balance -= byteCount * Self.scale }

    /// When something may leave again; `nil` if it may now.
    package var nextAllowance: Instant? {
        guard self.balance <= 0 else { return nil }
        return self.updated.advanced(microseconds: -self.balance / self.bytesPerSecond + 1)
    }
}
