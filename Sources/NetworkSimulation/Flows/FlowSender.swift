import PacketPrimitives

/// The sending half of a competing flow: which packets are under way, which are lost, when the next may leave.
///
/// Every transmission has a number of its own, so that it is always known which one has arrived. One is lost when three
/// that left later have arrived, or when nothing came back for the retransmission timeout.
struct FlowSender {
    private struct Transmission {
        var packet: UInt64
        var sent: Instant
        /// What was known when it left, for the delivery rate.
        var arrivedCount: Int
        var arrivedTime: Instant
        var firstSent: Instant
        var isOpen = true
    }

    private var controller: any CongestionController
    /// Those with numbers from `base` on; the first `settledCount` of them are closed.
    private var transmissions: [Transmission] = []
    private var base: UInt64 = 0
    private var settledCount = 0
    private var nextPacket: UInt64 = 0
    private var lost: [UInt64] = []
    private(set) var inFlight = 0
    private var pacer: FlowPacer
    private var lastProgress: Instant

    private var arrivedCount = 0
    private var arrivedTime: Instant
    private var firstSent: Instant
    private var newestArrival: UInt64?
    /// A reduction counts for everything that had left by then.
    private var recoveryEnd: UInt64 = 0
    /// A round ends when something arrives that left after so many had arrived.
    private var roundEnd = 0
    private var timing = FlowTiming()

    init(controller: any CongestionController, now: Instant) {
        self.controller = controller
        self.pacer = FlowPacer(now: now)
        self.lastProgress = now
        self.arrivedTime = now
        self.firstSent = now
    }

    private var nextNumber: UInt64 { self.base + UInt64(self.transmissions.count) }

    private var hasRoom: Bool { Double(self.inFlight) < max(self.controller.window, 1) }

    var smoothedRoundTripMicroseconds: Int { self.timing.smoothed }

    /// When to look again if nothing comes back.
    var nextTimeout: Instant {
        let timeout = self.lastProgress.advanced(microseconds: self.timing.timeout)
        return self.hasRoom ? min(timeout, self.pacer.next) : timeout
    }

    /// The transmission that may leave now, if one may.
    mutating func nextTransmission(now: Instant) -> (number: UInt64, packet: UInt64)? {
        guard self.hasRoom, self.pacer.next <= now else { return nil }
        if self.inFlight == 0 {
            self.firstSent = now
            self.arrivedTime = now
            self.lastProgress = now
        }
        let packet = self.takePacket()
        let number = self.nextNumber
        self.transmissions.append(
            Transmission(
                packet: packet, sent: now, arrivedCount: self.arrivedCount, arrivedTime: self.arrivedTime,
                firstSent: self.firstSent))
        self.inFlight += 1
        if let rate = self.controller.pacingRate { self.pacer.note(packetsPerSecond: rate, now: now) }
        return (number, packet)
    }

    private mutating func takePacket() -> UInt64 {
        if let packet = self.lost.popLast() { return packet }
        defer { self.nextPacket += 1 }
        return self.nextPacket
    }

    mutating func handleArrivals(_ numbers: ArraySlice<UInt64>, now: Instant) {
        var newest: Transmission?
        var count = 0
        for number in numbers {
            self.newestArrival = max(self.newestArrival ?? 0, number)
            guard let transmission = self.close(number) else { continue }
            count += 1
            if newest == nil || transmission.sent >= newest!.sent { newest = transmission }
        }
        guard let newest else { return }
        self.lastProgress = now
        self.arrivedCount += count
        self.arrivedTime = now
        self.firstSent = newest.sent
        self.timing.add(now.microseconds(since: newest.sent))
        let hasNewLosses = self.detectLosses()
        self.controller.handleArrival(self.sample(newest, count: count, now: now))
        if hasNewLosses, self.newestArrival ?? 0 >= self.recoveryEnd {
            self.recoveryEnd = self.nextNumber
            self.controller.handleLoss(now: now)
        }
    }

    private mutating func sample(_ newest: Transmission, count: Int, now: Instant) -> ArrivalSample {
        let endsRound = newest.arrivedCount >= self.roundEnd
        if endsRound { self.roundEnd = self.arrivedCount }
        let interval = max(
            newest.sent.microseconds(since: newest.firstSent), now.microseconds(since: newest.arrivedTime))
        let isLongEnough = interval >= self.timing.least
        return ArrivalSample(
            now: now, arrivedCount: count, roundTripMicroseconds: now.microseconds(since: newest.sent),
            leastRoundTripMicroseconds: self.timing.least,
            deliveryRate: isLongEnough ? Double(self.arrivedCount - newest.arrivedCount) * 1e6 / Double(interval) : nil,
            inFlight: self.inFlight, endsRound: endsRound,
            isRecovering: self.newestArrival ?? 0 < self.recoveryEnd)
    }

    /// The transmission is not under way any more; `nil` if it was not.
    private mutating func close(_ number: UInt64) -> Transmission? {
        guard number >= self.base else { return nil }
        let index = Int(number - self.base)
        guard self.transmissions[index].isOpen else { return nil }
        self.transmissions[index].isOpen = false
        self.inFlight -= 1
        return self.transmissions[index]
    }

    private mutating func detectLosses() -> Bool {
        guard let newest = self.newestArrival, newest >= self.base + 3 else { return false }
        let count = Int(newest - self.base) - 2
        let before = self.lost.count
        for index in self.settledCount..<max(count, self.settledCount) where self.transmissions[index].isOpen {
            self.transmissions[index].isOpen = false
            self.lost.append(self.transmissions[index].packet)
            self.inFlight -= 1
        }
        self.settledCount = max(count, self.settledCount)
        self.forgetSettled()
        guard self.lost.count > before else { return false }
        // The oldest is sent again first.
        self.lost.sort(by: >)
        return true
    }

    private mutating func forgetSettled() {
        guard self.settledCount > 1024, self.settledCount > self.transmissions.count / 2 else { return }
        self.transmissions.removeFirst(self.settledCount)
        self.base += UInt64(self.settledCount)
        self.settledCount = 0
    }

    /// The retransmission timeout, if it has passed: everything under way is lost.
    mutating func handleTimeout(now: Instant) {
        guard self.inFlight > 0, self.lastProgress.advanced(microseconds: self.timing.timeout) <= now else { return }
        self.lost.append(contentsOf: self.transmissions.lazy.filter(\.isOpen).map(\.packet))
        self.lost.sort(by: >)
        self.base = self.nextNumber
        self.transmissions.removeAll(keepingCapacity: true)
        self.settledCount = 0
        self.inFlight = 0
        self.recoveryEnd = self.base
        self.lastProgress = now
        self.timing.backOff()
        self.controller.handleTimeout(now: now)
    }
}

/// When the next packet may leave. Counts in nanoseconds: whole microseconds would add up to a percent of the rate.
struct FlowPacer {
    private var nanoseconds: UInt64

    init(now: Instant) { self.nanoseconds = now.microseconds * 1000 }

    var next: Instant { Instant(microseconds: (self.nanoseconds + 999) / 1000) }

    /// A packet has left.
    mutating func note(packetsPerSecond rate: Double, now: Instant) {
        // What a packet was late by the microsecond's end is made good; time in which nothing could leave is not.
        let late = now.microseconds * 1000 > self.nanoseconds + 1000
        self.nanoseconds = (late ? now.microseconds * 1000 : self.nanoseconds) + UInt64(1e9 / rate)
    }
}

/// Round-trip times and the retransmission timeout made of them (RFC 6298), microseconds.
struct FlowTiming {
    private(set) var smoothed = 0
    private var variation = 0
    private(set) var least = Int.max
    private var backoff = 1

    /// Linux's lower bound.
    private static let leastTimeout = 200_000
    private static let initialTimeout = 1_000_000

    var timeout: Int {
        let timeout =
            self.smoothed == 0 ? Self.initialTimeout : max(self.smoothed + 4 * self.variation, Self.leastTimeout)
        return timeout * self.backoff
    }

    mutating func add(_ sample: Int) {
        self.variation =
            self.smoothed == 0 ? sample / 2 : self.variation + (abs(sample - self.smoothed) - self.variation) / 4
        self.smoothed = self.smoothed == 0 ? sample : self.smoothed + (sample - self.smoothed) / 8
        self.least = min(self.least, sample)
        self.backoff = 1
    }

    mutating func backOff() { self.backoff = min(self.backoff * 2, 64) }
}
