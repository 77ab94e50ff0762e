import KCP
import PacketPrimitives

/// Spreads what the send window lets out over the round trip, in bursts of a millisecond.
///
/// Acknowledgements arrive in batches, up to `interval` apart, and each opens a large part of the window at once. Sent
/// at once, that overflows queues on the way; sent at a little more than the rate that the window allows anyway, it
/// takes no longer in the end. The original has no such thing (protocol 08 C4).
struct Pacer {
    /// The bucket, as long as the rate is worth keeping.
    private var bucket: TokenBucket?
    /// Something is due and has to wait.
    private var isHoldingBack = false

    /// Below this round trip a timer of a millisecond would do harm, and queues are short.
    private static let shortestRoundTripMilliseconds = 5
    /// Above the window's own rate, so that pacing is never what limits.
    private static let gain = (numerator: 5, denominator: 4)

    /// How many packets may leave now, at most `room`.
    mutating func packetLimit(
        _ conversation: borrowing Conversation, datagramByteCount: Int, room: Int, now: Instant
    ) -> Int {
        guard let rate = Self.rate(conversation, datagramByteCount: datagramByteCount) else {
            self.bucket = nil
            return room
        }
        let burst = max(rate / 1000, 2 * datagramByteCount)
        var bucket = self.bucket ?? TokenBucket(bytesPerSecond: rate, burstByteCount: burst, now: now)
        bucket.setRate(bytesPerSecond: rate, burstByteCount: burst, now: now)
        let allowance = bucket.allowance(now: now)
        self.bucket = bucket
        return min(room, (allowance + datagramByteCount - 1) / datagramByteCount)
    }

    /// Bytes per second of a full window per round trip, and a quarter more; `nil`: not worth pacing.
    private static func rate(_ conversation: borrowing Conversation, datagramByteCount: Int) -> Int? {
        let roundTrip = conversation.smoothedRoundTripMilliseconds
        guard roundTrip >= self.shortestRoundTripMilliseconds else { return nil }
        let window = min(conversation.configuration.sendWindow, max(conversation.remoteWindowSegmentCount, 1))
        return window * datagramByteCount * 1000 / roundTrip * self.gain.numerator / self.gain.denominator
    }

    /// Notes what has left, and whether there was more.
    mutating func note(byteCount: Int, isHoldingBack: Bool) {
        self.bucket?.spend(byteCount)
        self.isHoldingBack = isHoldingBack && self.bucket != nil
    }

    /// When the next burst may leave, if one waits.
    var nextBurst: Instant? {
        guard self.isHoldingBack, let bucket else { return nil }
        return bucket.nextAllowance(of: bucket.burstByteCount / 2) ?? nil
    }
}
