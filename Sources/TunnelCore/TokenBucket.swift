package import PacketPrimitives

/// A byte rate with a burst allowance (`--ratelimit`, protocol 03 §8).
///
/// Sending is allowed while the balance is above zero and may overdraw it by the last packet, so a burst that
/// is larger than the bucket is delayed, never refused.
package struct TokenBucket: Sendable {
    /// The original's allowance: 64 packets of 1500 bytes.
    package static let burstByteCount = 96_000

    package let bytesPerSecond: Int
    /// Millionths of a byte, so that slow rates do not lose what a short interval earns.
    private var balance: Int
    private var updated: Instant
    private static let scale = 1_000_000

    package init(bytesPerSecond: Int, now: Instant) {
        precondition(bytesPerSecond > 0)
        self.bytesPerSecond = bytesPerSecond
        self.balance = Self.burstByteCount * Self.scale
        self.updated = now
    }

    /// How many bytes may leave now; 0 or less: none.
    package mutating func allowance(now: Instant) -> Int {
        let full = Self.burstByteCount * Self.scale
        // A bucket this long untouched is full; the cap keeps the product far from overflow.
        let elapsed = min(now.microseconds(since: self.updated), full / self.bytesPerSecond + Self.scale)
        self.updated = max(self.updated, now)
        self.balance = min(full, self.balance + elapsed * self.bytesPerSecond)
        return self.balance <= 0 ? 0 : (self.balance + Self.scale - 1) / Self.scale
    }

    package mutating func spend(_ byteCount: Int) { self.balance -= byteCount * Self.scale }

    /// When something may leave again; `nil` if it may now.
    package var nextAllowance: Instant? {
        guard self.balance <= 0 else { return nil }
        return self.updated.advanced(microseconds: -self.balance / self.bytesPerSecond + 1)
    }
}
