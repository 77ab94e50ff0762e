package import PacketPrimitives

/// Decides how much may be sent to one remote address, from what its acknowledgements say: a model of the path
/// (delivery rate, least round trip, loss of its own) and a search around it, with a brake on the queue.
///
/// Shared by all conversations with that address on one loop, which so do not compete. Not thread-safe. Bytes are
/// those of whole IP datagrams, rates bytes per second, times microseconds.
package final class PathController {
    let datagramByteCount: Double
    /// Bytes per second if the operator knows better; 0 if the model decides.
    let fixedRate: Double
    var trips: RoundTripModel
    var delivery: DeliveryRate
    var bandwidth = WindowedMaximum()
    var floor = LossFloor()
    var governor = QueueGovernor()
    var foreign = ForeignQueue()
    private(set) var oncoming: OncomingTransfer
    var messages: MessageTraffic
    /// As of the latest round.
    var hasMessages = false
    var search = RateSearch()
    var cycle: PhaseCycle
    var round: DeliveryRound
    /// What follows from the model, see `concludeModel`.
    var conclusion = SendingConclusion()

    private var inFlight = 0
    /// How late datagrams may arrive out of order, microseconds; conversations report it.
    package var reorderWindow = 0.0
    /// What was held back up to now, and as of the newest transmission that has arrived.
    private(set) var restraint: SendingRestraint
    private(set) var arrived = (sent: Instant(microseconds: 0), withheld: Int32(0))
    /// The shortest trip of one datagram of acknowledgements, and since the search for the least one began, microseconds.
    private var leastSample = Double.infinity
    var probedMinimum = Double.infinity

    // See PathController+Sharing.
    var shares: PathShares
    var losses = RecentLoss()
    var copyBudget: CopyBudget

    /// When a round last showed what the path takes.
    private var lastTransfer: Instant
    /// What left by then may have gone another way.
    private var began: Instant

    private static let memoryMicroseconds = 10_000_000

    /// - Parameters:
    ///   - datagramByteCount: of a full IP datagram.
    ///   - fixedRate: bytes per second, where the operator knows better than the model.
    package init(datagramByteCount: Int, fixedRate: Int? = nil, now: Instant) {
        self.datagramByteCount = Double(datagramByteCount)
        self.fixedRate = Double(fixedRate ?? 0)
        self.trips = RoundTripModel(now: now)
        self.delivery = DeliveryRate(now: now)
        self.cycle = PhaseCycle(now: now)
        self.round = DeliveryRound(now: now)
        self.oncoming = OncomingTransfer(now: now)
        self.messages = MessageTraffic(now: now)
        self.restraint = SendingRestraint(now: now)
        self.shares = PathShares(now: now)
        self.copyBudget = CopyBudget(now: now)
        self.lastTransfer = now
        self.began = Instant(microseconds: 0)
        self.concludeModel()
    }

    // MARK: What others read
    //
    // Computed, so that nobody outside of the module can touch what is stored: then the compiler proves that accesses do
    // not overlap, which for each datagram would take longer to check than the work itself.

    package var roundTrip: RoundTripModel { self.trips }
    var phase: SendingPhase { self.cycle.phase }
    /// How many bytes may be in flight.
    package var windowByteCount: Double { self.conclusion.window }
    /// Bytes per second to send at now.
    package var pacingRate: Double { self.conclusion.pace }
    /// Bytes sent that have neither arrived nor got lost, as far as is known.
    package var inFlightByteCount: Int { self.inFlight }
    /// Of all transmissions but those that only repeat what is under way.
    package var recentLoss: RecentLoss { self.losses }

    /// Whether the operator has set the rate.
    package var isRateFixed: Bool { self.fixedRate > 0 }

    // MARK: Sending

    package func stamp(byteCount: Int, kind: SendStamp.Kind = .regular, now: Instant) -> SendStamp {
        if self.inFlightByteCount == 0, now.microseconds(since: self.lastTransfer) > Self.memoryMicroseconds {
            self.trips.forgetMinimum()
            self.forget(now: now)
        }
        var stamp = self.delivery.stamp(now: now, isFirst: self.inFlightByteCount == 0)
        stamp.isBelowRate = self.conclusion.isBelowRate
        self.restraint.update(rateShare: self.conclusion.gain * self.governor.factor, now: now)
        stamp.withheld = self.restraint.withheld
        stamp.kind = kind
        self.inFlight += byteCount
        return stamp
    }

    /// Begins anew: this end has come to another network, or got another route.
    package func restart(now: Instant) {
        self.trips = RoundTripModel(now: now)
        self.probedMinimum = .infinity
        self.losses = RecentLoss()
        self.began = now
        self.forget(now: now)
    }

    /// Nobody has had much to send for so long that the path may have become another. Signs of life and messages show
    /// nothing of what it takes.
    private func forget(now: Instant) {
        self.lastTransfer = now
        self.bandwidth = WindowedMaximum()
        self.floor = LossFloor()
        self.governor = QueueGovernor()
        self.foreign = ForeignQueue()
        self.search = RateSearch()
        self.search.begin(delivered: self.delivery.delivered, window: self.inFlight)
        self.cycle = PhaseCycle(now: now)
        self.concludeModel()
    }

    /// For a transmission on another path, which a conversation has left: what becomes of it says nothing of this one.
    package func adopt(_ stamp: SendStamp, now: Instant) -> SendStamp {
        var adopted = self.delivery.stamp(now: now, isFirst: false)
        adopted.sent = stamp.sent
        adopted.isApplicationLimited = true
        adopted.withheld = self.restraint.withheld
        adopted.kind = .copy
        return adopted
    }

    /// A round has shown what the path takes.
    func noteTransfer(now: Instant) { self.lastTransfer = now }

    /// There was room in window and pacing, but `member` had nothing to send.
    package func noteApplicationLimit(of member: Int) {
        guard !self.shares.isClaimed(besides: member) else { return }
        self.delivery.noteApplicationLimit(inFlight: self.inFlightByteCount)
        self.round.isApplicationLimited = true
    }

    /// So many bytes of payload have come from there since the last call.
    package func noteOncoming(byteCount: Int, now: Instant) { self.oncoming.note(byteCount, now: now) }

    // MARK: Acknowledgements, one datagram at a time

    /// A transmission has arrived just now: acknowledged by its own tag, or with all before it and not overdue.
    /// - Parameter isTimely: by its own tag, in a datagram that came directly, not rebuilt by parity: then its round
    ///   trip is known.
    package func acknowledge(_ stamp: SendStamp, byteCount: Int, isTimely: Bool, now: Instant) {
        self.inFlight -= byteCount
        self.delivery.deliver(stamp, byteCount: byteCount, now: now)
        if stamp.sent >= self.arrived.sent { self.arrived = (stamp.sent, stamp.withheld) }
        if isTimely, stamp.sent > self.began {
            self.leastSample = min(self.leastSample, Double(now.microseconds(since: stamp.sent)))
        }
        self.note(isLost: false, stamp)
    }

    /// A transmission that was taken for lost, or was credited, has arrived after all.
    package func restore(_ stamp: SendStamp, byteCount: Int, now: Instant) {
        self.delivery.deliver(stamp, byteCount: byteCount, now: now)
    }

    /// A transmission has arrived, but when is not known: its own acknowledgement was lost. Or that may be so, and
    /// whether it has arrived is not known either. Neither says anything about the rate.
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
        self.floor.noteReport()
        if self.leastSample < .infinity {
            self.trips.add(self.leastSample, now: now)
            self.trips.noteAcknowledgement(now: now)
            self.round.minimum = min(self.round.minimum, self.leastSample)
            self.probedMinimum = min(self.probedMinimum, self.leastSample)
            self.leastSample = .infinity
        }
        self.takeRateSample()
        if self.round.isOver(delivered: self.delivery.delivered) { self.endRound(now: now) }
        self.advancePhase(now: now)
        self.concludeModel()
    }

    private func takeRateSample() {
        guard let sample = self.delivery.takeSample(minimumInterval: 0.9 * (self.roundTrip.minimum ?? 0)) else {
            return
        }
        if sample.isApplicationLimited { self.round.isApplicationLimited = true }
        self.round.rate = max(self.round.rate, sample.rate)
        if !sample.isApplicationLimited || sample.rate > self.bandwidth.value { self.bandwidth.add(sample.rate) }
    }
}
