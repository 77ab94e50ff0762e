import PacketPrimitives

/// Lets bytes out at a rate, in trains of about a millisecond.
struct PacingBucket {
    private var balance = 0.0
    private var updated: Instant

    private static let trainSeconds = 0.001

    init(now: Instant) { self.updated = now }

    private static func train(rate: Double, datagramByteCount: Double) -> Double {
        max(rate * self.trainSeconds, 2 * datagramByteCount)
    }

    /// How many bytes may leave now; 0 or less: none.
    mutating func allowance(rate: Double, datagramByteCount: Double, now: Instant) -> Double {
        let elapsed = Double(now.microseconds(since: self.updated)) / 1e6
        self.updated = max(self.updated, now)
        let largest = Self.train(rate: rate, datagramByteCount: datagramByteCount)
        self.balance = min(largest, self.balance + rate * elapsed)
        return self.balance
    }

    mutating func spend(_ byteCount: Int) { self.balance -= Double(byteCount) }

    /// When half a train will have been earned; now or earlier: it has.
    func nextTrain(rate: Double, datagramByteCount: Double) -> Instant {
        let missing = Self.train(rate: rate, datagramByteCount: datagramByteCount) / 2 - self.balance
        guard missing > 0 else { return self.updated }
        return self.updated.advanced(microseconds: Int(missing / rate * 1e6) + 1)
    }
}
