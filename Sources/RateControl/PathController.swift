package import PacketPrimitives

/// Decides how much may be sent to one remote address, from what its acknowledgements say: a model of the path
/// (delivery rate, least round trip, loss of its own) and a search around it, with a brake on the queue.
///
/// Shared by all conversations with that address on one loop, which so do not compete. Not thread-safe. Bytes are
/// those of whole IP datagrams, rates bytes per second, times microseconds.
package final class PathController {
    let datagramByteCount: Double
    /// Bytes per second if the operator knows better; 0 if the model decides.
    private let fixedRate: Double
    private var trips: RoundTripModel
    private var delivery: DeliveryRate
    private var bandwidth = WindowedMaximum()
    private var floor = LossFloor()
    private var governor = QueueGovernor()
    private var foreign = ForeignQueue()
    private var search = RateSearch()
    private(set) var phase = SendingPhase.startup
    private var phaseStart: Instant
    /// Bandwidth when the search upwards began.
    private var bandwidthBefore = 0.0
    private var upGain = SendingPhase.firstUpGain

    // What follows from the model, see `concludeModel`.
    private var window = 0.0
    private var pace = 0.0
    private var gain = 1.0
    /// Whether what leaves now cannot be what fills the queue.
    private var isBelowRate = false

    private var inFlight = 0
    /// How late datagrams may arrive out of order, microseconds; conversations report it.
    package var reorderWindow = 0.0

    // See PathController+Sharing.
    var shares: PathShares
    var losses = RecentLoss()
    var copyBudget: CopyBudget

    // Rounds.
    private var roundEnd: UInt64 = 0
    private var roundStart: Instant
    private var roundMinimum = Double.infinity
    private var roundRate = 0.0
    private var lastRoundRate = 0.0
    private var isRoundApplicationLimited = false
    /// See `SendStamp.withheld`: up to now, and as of the newest transmission that has arrived.
    private var withheld = 0.0
    private var withheldUpdated: Instant
    private var arrived = (sent: Instant(microseconds: 0), withheld: Int32(0))
    // One datagram of acknowledgements.
    private var leastSample = Double.infinity
    private var probedMinimum = Double.infinity

    static let initialWindow = 64.0
    private static let leastWindow = 16.0
    private static let firstFlightSeconds = 0.02
    private static let minimumLifetimeMicroseconds = 10_000_000
    private static let memoryMicroseconds = 10_000_000

    /// - Parameters:
    ///   - datagramByteCount: of a full IP datagram.
    ///   - fixedRate: bytes per second, where the operator knows better than the model.
    package init(datagramByteCount: Int, fixedRate: Int? = nil, now: Instant) {
        self.datagramByteCount = Double(datagramByteCount)
        self.fixedRate = Double(fixedRate ?? 0)
        self.trips = RoundTripModel(now: now)
        self.delivery = DeliveryRate(now: now)
        self.phaseStart = now
        self.roundStart = now
        self.withheldUpdated = now
        self.shares = PathShares(now: now)
        self.copyBudget = CopyBudget(now: now)
        self.concludeModel()
    }

    // MARK: What others read
    //
    // Computed, so that nobody outside of the module can touch what is stored: then the compiler proves that accesses do
    // not overlap, which for each datagram would take longer to check than the work itself.

    package var roundTrip: RoundTripModel { self.trips }
    /// How many bytes may be in flight.
    package var windowByteCount: Double { self.window }
    /// Bytes per second to send at now.
    package var pacingRate: Double { self.pace }
    /// Bytes sent that have neither arrived nor got lost, as far as is known.
    package var inFlightByteCount: Int { self.inFlight }
    /// Of all transmissions but those that only repeat what is under way.
    package var recentLoss: RecentLoss { self.losses }

    /// Whether the operator has set the rate.
    package var isRateFixed: Bool { self.fixedRate > 0 }

    // MARK: What may be sent

    /// The rate that the path seems to take.
    package var rate: Double { self.governor.factor * self.bandwidth.value / (1 - self.floor.value) }

    /// Draws the conclusions that sending goes by, once for every datagram of acknowledgements instead of for every packet.
    private func concludeModel() {
        self.gain = self.currentGain
        self.isBelowRate = self.belowRate
        self.window = self.currentWindow
        self.pace = self.currentPacingRate
    }

    private var currentPacingRate: Double {
        if self.fixedRate > 0 { return self.fixedRate }
        guard self.roundTrip.minimum != nil, self.bandwidth.value > 0 else {
            return self.windowByteCount / Self.firstFlightSeconds
        }
        let rate = self.gain * self.rate
        guard self.phase == .startup else { return max(rate, 2 * self.datagramByteCount) }
        return max(rate, 1.1 * self.windowByteCount / (self.roundTrip.smoothed / 1e6))
    }

    private var currentGain: Double {
        switch self.phase {
        case .cruise where self.roundTrip.queueing > self.queueLimit: 0.9
        case .up: self.upGain
        default: self.phase.gain
        }
    }

    /// What a datagram takes at the path's rate, microseconds.
    package var datagramTime: Double {
        self.bandwidth.value > 0 ? self.datagramByteCount / self.bandwidth.value * 1e6 : 0
    }

    private var currentWindow: Double {
        let least = Self.leastWindow * self.datagramByteCount
        if self.fixedRate > 0 { return max(least, 2 * self.fixedRate * self.responseTime / 1e6) }
        if self.phase == .startup {
            let least = Self.initialWindow * self.datagramByteCount
            return self.search.window(delivered: self.delivery.delivered, least: least)
        }
        if self.phase == .probeMinimum { return max(least / 4, self.rate * (self.roundTrip.minimum ?? 0) / 2e6) }
        return max(least, self.rate * (self.phase == .up ? self.upGain : 1) * self.responseTime / 1e6)
    }

    /// How long a transmission may be open in the regular course: the trip, the peer's patience, and ours until it
    /// counts as lost.
    private var responseTime: Double {
        (self.roundTrip.minimum ?? 1e6) + self.roundTrip.acknowledgementDelay + self.reorderWindow + self.queueTarget
            + 2 * self.foreign.value
    }

    /// How long the bottleneck's queue may stand.
    private var queueTarget: Double {
        let three = self.rate > 0 ? 3 * self.datagramByteCount / self.rate * 1e6 : 0
        return max(5000, three, min(20_000, (self.roundTrip.minimum ?? 0) / 4))
    }

    /// How long it may seem to be: twice what is not ours, or we would give way to whoever holds it.
    private var queueLimit: Double { self.queueTarget + 2 * self.foreign.value }

    // MARK: Sending

    private var belowRate: Bool {
        if self.phase.isBelowRate { return true }
        return self.phase == .cruise && self.governor.factor < 0.95 && self.roundTrip.queueing < self.queueTarget / 2
    }

    package func stamp(byteCount: Int, kind: SendStamp.Kind = .regular, now: Instant) -> SendStamp {
        if self.inFlightByteCount == 0, now.microseconds(since: self.withheldUpdated) > Self.memoryMicroseconds {
            self.forget(now: now)
        }
        var stamp = self.delivery.stamp(now: now, isFirst: self.inFlightByteCount == 0)
        stamp.isBelowRate = self.isBelowRate
        self.updateWithheld(now: now)
        stamp.withheld = Int32(truncatingIfNeeded: Int(self.withheld))
        stamp.kind = kind
        self.inFlight += byteCount
        return stamp
    }

    /// Nothing was sent for so long that the path may have become another.
    private func forget(now: Instant) {
        self.bandwidth = WindowedMaximum()
        self.governor.release()
        self.foreign = ForeignQueue()
        self.search.forget()
        self.search.begin(delivered: self.delivery.delivered, window: 0)
        self.enter(.startup, now: now)
        self.concludeModel()
    }

    private func updateWithheld(now: Instant) {
        guard self.withheldUpdated < now else { return }
        let elapsed = Double(now.microseconds(since: self.withheldUpdated))
        self.withheldUpdated = now
        self.withheld += elapsed * (1 - self.gain * self.governor.factor)
    }

    /// There was room in window and pacing, but `member` had nothing to send.
    package func noteApplicationLimit(of member: Int) {
        guard !self.shares.isClaimed(besides: member) else { return }
        self.delivery.noteApplicationLimit(inFlight: self.inFlightByteCount)
        self.isRoundApplicationLimited = true
    }

    // MARK: Acknowledgements, one datagram at a time

    /// A transmission has been acknowledged by its own tag.
    /// - Parameter isTimely: the datagram of acknowledgements came directly, not rebuilt by parity.
    package func acknowledge(_ stamp: SendStamp, byteCount: Int, isTimely: Bool, now: Instant) {
        self.inFlight -= byteCount
        self.delivery.deliver(stamp, byteCount: byteCount, now: now)
        if stamp.sent >= self.arrived.sent { self.arrived = (stamp.sent, stamp.withheld) }
        if isTimely { self.leastSample = min(self.leastSample, Double(now.microseconds(since: stamp.sent))) }
        self.note(isLost: false, stamp)
    }

    /// A transmission that was taken for lost has arrived after all.
    package func restore(_ stamp: SendStamp, byteCount: Int, now: Instant) {
        self.delivery.deliver(stamp, byteCount: byteCount, now: now)
    }

    /// A transmission has arrived, but when is not known: its own acknowledgement was lost. Such late news say nothing
    /// about the rate.
    package func credit(_ stamp: SendStamp, byteCount: Int) {
        self.inFlight -= byteCount
        self.note(isLost: false, stamp)
    }

    /// A transmission is taken for lost.
    package func lose(_ stamp: SendStamp, byteCount: Int) {
        self.inFlight -= byteCount
        self.note(isLost: true, stamp)
    }

    func dropInFlight(_ byteCount: Int) { self.inFlight -= byteCount }

    private func note(isLost: Bool, _ stamp: SendStamp) {
        if stamp.kind != .copy { self.losses.add(lost: isLost ? 1 : 0, sent: stamp.sent) }
        // Of what was sent several times it is not always known what has arrived.
        guard stamp.kind == .regular else { return }
        // What the search has overdone says nothing about what came after it.
        if let end = self.search.end, stamp.sent < end { return }
        self.floor.add(isLost: isLost, isBelowRate: stamp.isBelowRate)
    }

    /// The datagram has been read to its end.
    package func endAcknowledgements(now: Instant) {
        if self.leastSample < .infinity {
            self.trips.add(self.leastSample, now: now)
            self.trips.noteAcknowledgement(now: now)
            self.roundMinimum = min(self.roundMinimum, self.leastSample)
            self.probedMinimum = min(self.probedMinimum, self.leastSample)
            self.leastSample = .infinity
        }
        self.takeRateSample()
        if self.delivery.delivered >= self.roundEnd { self.endRound(now: now) }
        self.advancePhase(now: now)
        self.concludeModel()
    }

    private func takeRateSample() {
        guard let sample = self.delivery.takeSample(minimumInterval: 0.9 * (self.roundTrip.minimum ?? 0)) else {
            return
        }
        if sample.isApplicationLimited { self.isRoundApplicationLimited = true }
        self.roundRate = max(self.roundRate, sample.rate)
        if !sample.isApplicationLimited || sample.rate > self.bandwidth.value { self.bandwidth.add(sample.rate) }
    }

    private func endRound(now: Instant) {
        self.roundEnd = self.delivery.delivered + UInt64(max(self.inFlightByteCount, 1))
        let hasExcessLoss = self.floor.endRound()
        let queueing = self.roundMinimum < .infinity ? self.roundMinimum - (self.roundTrip.minimum ?? 0) : 0
        if self.phase == .startup {
            let isOver = self.search.endRound(
                rate: self.bandwidth.value, isApplicationLimited: self.isRoundApplicationLimited)
            if isOver || hasExcessLoss { self.endStartup(now: now) }
        } else if self.phase != .drain {
            self.governRound(queueing: queueing, hasExcessLoss: hasExcessLoss, now: now)
        }
        if self.showsWhatPathCanDo(queueing: queueing) { self.bandwidth.startRound() }
        if self.phase == .startup, self.isRoundApplicationLimited {
            self.search.begin(delivered: self.delivery.delivered, window: self.inFlightByteCount)
        }
        self.lastRoundRate = self.roundRate
        self.roundRate = 0
        self.roundStart = now
        self.roundMinimum = .infinity
        self.isRoundApplicationLimited = false
    }
}

extension PathController {
    /// Where the sender has nothing to send, or holds back, the path cannot show what it can do; what it has shown holds.
    private func showsWhatPathCanDo(queueing: Double) -> Bool {
        if self.isRoundApplicationLimited { return false }
        return self.governor.factor > 0.95 || queueing > self.queueLimit || self.governor.isBraked
    }

    private func governRound(queueing: Double, hasExcessLoss: Bool, now: Instant) {
        // Who sends little makes no queue, and does not see what the path can do. A transfer that the peer's window limits
        // has more than may leave now and then.
        let sendsLittle = self.isRoundApplicationLimited && !self.shares.hasClaim(since: self.roundStart)
        if queueing <= self.queueLimit || !sendsLittle { self.governQueue(queueing) }
        guard hasExcessLoss else { return }
        self.governor.brake()
        if self.phase == .up { self.enter(.down, now: now) }
    }

    private func governQueue(_ queueing: Double) {
        if let before = self.foreign.endRound(
            queueing: queueing, limit: self.queueTarget / 2 + 2 * self.foreign.value, withheld: self.arrived.withheld,
            isHeldBack: self.governor.factor < 0.65, bandwidth: self.bandwidth.value)
        {
            self.governor.release()
            self.bandwidth.add(before)
        } else if self.governor.endRound(queueing: queueing, target: self.queueLimit) == .believeDelivered {
            self.bandwidth.reset(to: max(self.roundRate, self.lastRoundRate))
            self.foreign.restart()
        }
    }
}

// MARK: - Phases

extension PathController {
    private func enter(_ phase: SendingPhase, now: Instant) {
        self.phase = phase
        self.phaseStart = now
        if phase == .up { self.bandwidthBefore = self.bandwidth.value }
    }

    private func endStartup(now: Instant) {
        self.floor.endStartup()
        self.search.finish(withheld: Int32(truncatingIfNeeded: Int(self.withheld)), now: now)
        self.enter(.drain, now: now)
    }

    private func resumeSearch(now: Instant) {
        let window = Int(self.rate * self.responseTime / 1e6)
        self.search.resume(delivered: self.delivery.delivered, window: window)
        self.enter(.startup, now: now)
    }

    private func advancePhase(now: Instant) {
        guard let minimum = self.roundTrip.minimum else { return }
        let elapsed = Double(now.microseconds(since: self.phaseStart))
        let queueing = self.roundTrip.queueing
        let target = self.queueLimit
        switch self.phase {
        case .startup:
            if self.floor.isFlooding { return self.endStartup(now: now) }
            if self.search.isCut(by: queueing, target: self.queueTarget) { self.endStartup(now: now) }
        case .drain:
            let window = self.rate * (minimum + self.roundTrip.acknowledgementDelay / 2) / 1e6
            if Double(self.inFlightByteCount) <= window || queueing < target / 4 {
                self.enter(.up, now: now)
            }
        case .up:
            if queueing > target || elapsed > minimum + self.roundTrip.acknowledgementDelay / 2 {
                self.enter(.down, now: now)
            }
        case .down:
            guard elapsed > minimum else { return }
            let hasGrown = self.bandwidth.value > self.bandwidthBefore * 1.1
            let isUnfinished = self.search.isUnfinished(
                hasGrown: hasGrown, queueing: queueing, target: self.queueTarget, withheld: self.arrived.withheld)
            if isUnfinished { return self.resumeSearch(now: now) }
            self.upGain =
                hasGrown && self.foreign.value == 0
                ? min(2 * self.upGain - 1, SendingPhase.largestUpGain) : SendingPhase.firstUpGain
            self.enter(hasGrown ? .up : .cruise, now: now)
        case .cruise:
            if now.microseconds(since: self.roundTrip.confirmed) > Self.minimumLifetimeMicroseconds {
                self.probedMinimum = .infinity
                self.enter(.probeMinimum, now: now)
            } else if elapsed > max(min(8 * minimum, 1_000_000), 50_000) {
                self.enter(.up, now: now)
            }
        case .probeMinimum:
            guard elapsed > 50_000 + 2 * minimum + self.roundTrip.acknowledgementDelay else { return }
            self.endMinimumProbe(now: now)
        }
    }

    private func endMinimumProbe(now: Instant) {
        let minimum = self.roundTrip.minimum ?? 0
        if self.probedMinimum < .infinity {
            // While others hold the queue, what we see is not the floor.
            let isDoubtful = self.governor.factor < 1
            let largest = isDoubtful ? minimum * 1.1 : .infinity
            self.foreign.limit(to: self.probedMinimum - minimum)
            self.trips.replaceMinimum(min(self.probedMinimum, largest), now: now)
        }
        self.enter(.up, now: now)
    }
}
