package import PacketPrimitives

/// One direction of a network path in virtual time.
///
/// Datagrams go in with `send`, come out with `poll`, late, changed, twice or not at all, as the conditions have it.
/// The same seed, conditions and calls give the same result. Every datagram carries a tag that the link hands back
/// with it, so that several conversations can share a link.
package struct Link: ~Copyable {
    private let random: SeededRandomSource
    private var lossModel: LossModel
    private var policer: PolicerState?
    private var queue = DeliveryQueue()
    /// When the bottleneck will have sent all that waits for it, nanoseconds.
    private var busyUntilNanoseconds: UInt64 = 0
    private var latestArrival = Instant(microseconds: 0)

    package private(set) var statistics = LinkStatistics()

    /// May be changed at any time, for the datagrams that are sent from then on.
    package var conditions: LinkConditions {
        didSet {
            if self.conditions.faults != oldValue.faults { self.lossModel = LossModel(faults: self.conditions.faults) }
            if self.conditions.policer != oldValue.policer {
                self.policer = self.conditions.policer.map(PolicerState.init)
            }
        }
    }

    package init(conditions: LinkConditions, seed: UInt64) {
        self.conditions = conditions
        self.random = SeededRandomSource(seed: seed)
        self.lossModel = LossModel(faults: conditions.faults)
        self.policer = conditions.policer.map(PolicerState.init)
    }

    /// When the next datagram arrives: the time for the next `poll`. `nil`: nothing is on its way.
    package var nextDelivery: Instant? { self.queue.nextArrival }

    /// How many datagrams are on their way.
    package var pendingCount: Int { self.queue.count }

    /// How long a datagram that is sent now would wait for the bottleneck.
    package func queueingMicroseconds(now: Instant) -> Int {
        Int(self.waitingNanoseconds(now: now) / 1000)
    }

    /// When the bottleneck will have sent all that waits for it.
    package var busyUntil: Instant { Instant(microseconds: (self.busyUntilNanoseconds + 999) / 1000) }

    /// Puts a copy of the datagram on its way. It counts as `unseenByteCount` bytes longer than it is: payload that
    /// nobody looks at need not be made, and negative for headers that count in `overheadByteCount` already.
    package mutating func send(_ datagram: RawSpan, unseenByteCount: Int = 0, tag: Int = 0, now: Instant) {
        let byteCount = datagram.byteCount + unseenByteCount
        self.statistics.sentDatagrams += 1
        self.statistics.sentBytes += UInt64(byteCount)
        guard byteCount <= self.conditions.maximumDatagramByteCount else {
            return self.statistics[.tooLong] += 1
        }
        let wireByteCount = byteCount + self.conditions.overheadByteCount
        guard self.policer?.passes(byteCount: wireByteCount, now: now) ?? true else {
            return self.statistics[.policed] += 1
        }
        guard let departure = self.passBottleneck(byteCount: wireByteCount, now: now) else {
            return self.statistics[.fullQueue] += 1
        }
        let passage = self.lossModel.nextPassage(now: now, random: self.random)
        if let cause = passage.lossCause { return self.statistics[cause] += 1 }
        if passage.copyCount > 1 { self.statistics.duplicatedDatagrams += 1 }
        if passage.isCorrupted { self.statistics.corruptedDatagrams += 1 }
        if passage.isTruncated { self.statistics.truncatedDatagrams += 1 }
        let parcel = DeliveryQueue.Parcel(tag: tag, unseenByteCount: unseenByteCount)
        for _ in 0..<passage.copyCount { self.forward(datagram, parcel, departure: departure, passage) }
    }

    /// Hands every datagram that has arrived by `now` to `deliver`, in order of arrival, valid during the call.
    /// Returns how many there were.
    @discardableResult
    package mutating func poll(now: Instant, deliver: (_ datagram: RawSpan, _ tag: Int) -> Void) -> Int {
        var count = 0
        while let byteCount = self.queue.removeFirst(
            now: now,
            { datagram, parcel in
                deliver(datagram, parcel.tag)
                return datagram.byteCount + parcel.unseenByteCount
            })
        {
            self.statistics.deliveredDatagrams += 1
            self.statistics.deliveredBytes += UInt64(byteCount)
            count += 1
        }
        return count
    }

    /// Takes out the first datagram that has arrived by `now`, as a copy.
    package mutating func poll(now: Instant) -> Delivery? {
        let delivery = self.queue.removeFirst(now: now) { datagram, parcel in
            Delivery(bytes: unsafe datagram.withUnsafeBytes { unsafe [UInt8]($0) }, tag: parcel.tag)
        }
        guard let delivery else { return nil }
        self.statistics.deliveredDatagrams += 1
        self.statistics.deliveredBytes += UInt64(delivery.bytes.count)
        return delivery
    }

    /// A datagram at the end of its way.
    package struct Delivery: Equatable, Sendable {
        package var bytes: [UInt8]
        /// What was given to `send`.
        package var tag: Int
    }

    private func waitingNanoseconds(now: Instant) -> UInt64 {
        let now = now.microseconds * 1000
        return self.busyUntilNanoseconds > now ? self.busyUntilNanoseconds - now : 0
    }

    /// When the datagram leaves the bottleneck; `nil` if its queue is full.
    private mutating func passBottleneck(byteCount: Int, now: Instant) -> Instant? {
        guard let rate = self.conditions.rate else { return now }
        let now = now.microseconds * 1000
        let start = max(self.busyUntilNanoseconds, now)
        let departure = rate.departure(ofByteCount: byteCount, from: start)
        guard start == now || Self.fits(byteCount, rate, now: now, start: start, departure: departure) else {
            return nil
        }
        self.busyUntilNanoseconds = departure
        return Instant(microseconds: (departure + 999) / 1000)
    }

    private static func fits(
        _ byteCount: Int, _ rate: LinkConditions.Rate, now: UInt64, start: UInt64, departure: UInt64
    ) -> Bool {
        switch rate.queueLimit {
        case .none: true
        case .bytes(let limit): rate.byteCount(from: now, until: start) + Double(byteCount) <= Double(limit)
        case .milliseconds(let limit): departure - now <= UInt64(limit) * 1_000_000
        }
    }

    private mutating func forward(
        _ datagram: RawSpan, _ parcel: DeliveryQueue.Parcel, departure: Instant, _ passage: Passage
    ) {
        let arrival = self.arrival(departure: departure).advanced(microseconds: passage.latenessMicroseconds)
        let random = self.random
        self.queue.insert(datagram, parcel, arrival: arrival) { bytes in
            Self.damage(&bytes, passage, random)
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ passage: Passage, _ random: SeededRandomSource) {
        if passage.isCorrupted, !bytes.isEmpty {
            let bit = random.next() % UInt64(bytes.count * 8)
            bytes[Int(bit / 8)] ^= 1 << (bit % 8)
        }
        if passage.isTruncated, !bytes.isEmpty { bytes.removeLast(1 + Int(random.next() % UInt64(bytes.count))) }
    }

    private mutating func arrival(departure: Instant) -> Instant {
        let arrival = departure.advanced(microseconds: self.conditions.delayMicroseconds)
        switch self.conditions.jitter {
        case .none:
            return arrival
        case .reordering(let maximum):
            return arrival.advanced(microseconds: self.jitter(upTo: maximum))
        case .inOrder(let maximum):
            self.latestArrival = max(arrival.advanced(microseconds: self.jitter(upTo: maximum)), self.latestArrival)
            return self.latestArrival
        }
    }

    private func jitter(upTo maximum: Int) -> Int { Int(self.random.nextUnit() * Double(maximum + 1)) }
}
