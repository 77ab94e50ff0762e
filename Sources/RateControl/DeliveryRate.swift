package import PacketPrimitives

/// What is noted about a transmission when it leaves, for a rate sample when it is acknowledged (after the delivery
/// rate estimation of draft-ietf-ccwg-bbr).
package struct SendStamp: Sendable, BitwiseCopyable {
    /// When it left.
    package var sent = Instant(microseconds: 0)
    /// Bytes that had been delivered by then, and since when that figure stood.
    var delivered: UInt64 = 0
    var deliveredTime = Instant(microseconds: 0)
    /// When the first transmission of the flight left that this one is measured with.
    var flightStart = Instant(microseconds: 0)
    /// The sender had nothing more to send then, so the sample may be below what the path can do.
    var isApplicationLimited = false
    /// How much shorter the bottleneck's queue should have become by then for what we held back, microseconds since
    /// some time; wraps.
    var withheld: Int32 = 0
    /// It left at less than the path's rate: its loss is not of our making.
    var isBelowRate = false
    package var kind = Kind.regular

    package enum Kind: UInt8, Sendable, BitwiseCopyable {
        /// One at a time of its segment.
        case regular
        /// Copies of the segment may follow before anything is known of this one.
        case message
        /// Such a copy, or one with copies or parity of its own: whether it arrived is not told for certain.
        case copy
    }

    package init() {}
}

/// Counts deliveries and makes rate samples of them.
struct DeliveryRate {
    /// Bytes known to have arrived, without those learned of late.
    private(set) var delivered: UInt64 = 0
    private var deliveredTime: Instant
    private var flightStart: Instant
    /// Until `delivered` reaches this, what leaves is marked as limited by the application; 0: it is not.
    private var applicationLimit: UInt64 = 0
    private var newest: SendStamp?

    struct Sample {
        /// Bytes per second.
        var rate: Double
        var isApplicationLimited: Bool
        /// `delivered` when the sampled transmission left: tells rounds apart.
        var priorDelivered: UInt64
    }

    init(now: Instant) {
        self.deliveredTime = now
        self.flightStart = now
    }

    /// Stamps a transmission. `isFirst` if nothing else is in flight.
    mutating func stamp(now: Instant, isFirst: Bool) -> SendStamp {
        if isFirst {
            self.flightStart = now
            self.deliveredTime = now
        }
        var stamp = SendStamp()
        stamp.sent = now
        stamp.delivered = self.delivered
        stamp.deliveredTime = self.deliveredTime
        stamp.flightStart = self.flightStart
        stamp.isApplicationLimited = self.applicationLimit > 0
        return stamp
    }

    /// The sender has nothing more to send though it might; `inFlight` bytes are under way.
    mutating func noteApplicationLimit(inFlight: Int) {
        self.applicationLimit = max(1, self.delivered + UInt64(inFlight))
    }

    /// A transmission has arrived.
    mutating func deliver(_ stamp: SendStamp, byteCount: Int, now: Instant) {
        self.delivered += UInt64(byteCount)
        self.deliveredTime = now
        if let newest, stamp.sent < newest.sent { return }
        self.newest = stamp
        self.flightStart = stamp.sent
    }

    /// So much more will have arrived by now, without anybody saying so.
    mutating func presume(byteCount: Int) { self.delivered += UInt64(max(byteCount, 0)) }

    /// The sample of what was delivered since the last call; `nil` if there was nothing, or over less than
    /// `minimumInterval` microseconds, which says more about bursts than about the path.
    mutating func takeSample(minimumInterval: Double) -> Sample? {
        guard let newest = self.newest.take() else { return nil }
        if self.applicationLimit > 0, self.delivered > self.applicationLimit { self.applicationLimit = 0 }
        let sendInterval = newest.sent.microseconds(since: newest.flightStart)
        let deliveryInterval = self.deliveredTime.microseconds(since: newest.deliveredTime)
        let interval = Double(max(sendInterval, deliveryInterval))
        guard interval > 0, interval >= minimumInterval else { return nil }
        return Sample(
            rate: Double(self.delivered - newest.delivered) * 1e6 / interval,
            isApplicationLimited: newest.isApplicationLimited, priorDelivered: newest.delivered)
    }
}
