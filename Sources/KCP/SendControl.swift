import PacketPrimitives
import RateControl

/// What a conversation keeps whose sending a path controller directs: which transmission is which, and which are lost.
///
/// Takes the place of the original's timers and skip counts; with no controller it stays empty.
struct SendControl: ~Copyable {
    let path: PathController?
    /// Bytes around a KCP packet in its IP datagram.
    let overheadByteCount: Int
    var log = TransmissionLog()
    var detector = LossDetector()
    var probe = ProbeTimer()
    var coverage = AcknowledgementCoverage()
    /// Transmissions that may leave though the window has no room: probes.
    var exemptCount = 0
    /// Its name among those that share the path.
    let member: Int
    /// What of the path's bytes in flight is its own.
    var inFlightByteCount = 0
    var sparse = SparseTraffic()
    var copies = CopyQueue()
    /// What has just been sent again and goes out a second time.
    var doubled: UInt32?
    /// Parity goes out with everything.
    var isUnderParity = false

    init(path: PathController?, overheadByteCount: Int) {
        self.path = path
        self.overheadByteCount = overheadByteCount
        self.member = path?.join() ?? 0
    }

    deinit { self.path?.leave(self.member, inFlightByteCount: self.inFlightByteCount) }

    /// Whether another transmission may leave now.
    func mayTransmit(_ path: PathController) -> Bool {
        self.exemptCount > 0 || self.sparse.isFavoured || path.hasRoom(besides: self.inFlightByteCount)
    }

}

// MARK: - Acknowledgements

extension Conversation {
    /// A transmission has come back by its tag.
    mutating func acknowledgeTransmission(
        _ tag: UInt32, of number: UInt32, isTimely: Bool, now: Instant, path: PathController
    ) {
        guard self.control.log.contains(tag), self.control.log[tag].number == number else { return }
        let record = self.control.log[tag]
        let byteCount = Int(record.byteCount)
        // What `una` covers may be settled by this very datagram.
        let isRepeated = record.state == .settled && !number.isBefore(self.sending.first)
        if self.control.coverage.note(tag, isRepeated: isRepeated) { self.control.detector.confirmReordering(now: now) }
        switch record.state {
        case .settled: return
        case .outstanding:
            self.control.inFlightByteCount -= byteCount
            path.acknowledge(record.stamp, byteCount: byteCount, isTimely: isTimely, now: now)
        case .held: path.restore(record.stamp, byteCount: byteCount, now: now)
        case .lost:
            path.restore(record.stamp, byteCount: byteCount, now: now)
            // What parity has rebuilt is late for another reason.
            if isTimely { self.control.detector.suspectReordering(sent: record.stamp.sent) }
        }
        self.control.log.setState(.settled, of: tag)
        self.control.detector.noteArrival(sent: record.stamp.sent)
    }

    /// Everything before `expected` has arrived. Those whose own acknowledgement has not come are credited late.
    mutating func creditTransmissions(before expected: UInt32, now: Instant, path: PathController) {
        let count = min(expected.distance(after: self.sending.first), self.sending.inFlightCount)
        let leastAge = 0.9 * (path.roundTrip.minimum ?? 0)
        for offset in 0..<UInt32(max(count, 0)) {
            let number = self.sending.first &+ offset
            guard !self.sending.records[number].isAcknowledged else { continue }
            let tag = self.sending.records[number].sendTime
            guard self.control.log.contains(tag), self.control.log[tag].number == number else { continue }
            let record = self.control.log[tag]
            // One that is too young to be the cause stays open.
            guard record.state != .settled, Double(now.microseconds(since: record.stamp.sent)) >= leastAge else {
                continue
            }
            if record.state == .outstanding { self.credit(record, now: now, path: path) }
            self.control.log.setState(.settled, of: tag)
        }
    }

    /// In order, one acknowledgement stands for all before it. What is overdue has an acknowledgement of its own, which was
    /// lost: when it arrived is not known. Overtaken by a few others it may well have arrived just now; without counting
    /// those the rate seemed to be 0.7 of itself with every datagram up to 5 ms late, and went down to nothing.
    private mutating func credit(_ record: TransmissionRecord, now: Instant, path: PathController) {
        let byteCount = Int(record.byteCount)
        self.control.inFlightByteCount -= byteCount
        if self.control.detector.isLost(sent: record.stamp.sent, window: path.reorderWindow) {
            path.credit(record.stamp, byteCount: byteCount)
        } else {
            path.acknowledge(record.stamp, byteCount: byteCount, isTimely: false, now: now)
        }
    }

    /// A packet with acknowledgements has been read to its end: judges what is lost.
    mutating func endAcknowledgements(now: Instant, path: PathController) {
        if self.control.coverage.isNew { self.control.detector.confirmReordering(now: now) }
        self.control.detector.endDatagram(now: now)
        let window = self.control.detector.reorderWindow(
            minimumRoundTrip: path.roundTrip.minimum ?? 0, smoothed: path.roundTrip.smoothed)
        path.reorderWindow = window
        self.judgeTransmissions(window: window, now: now, path: path)
        self.control.coverage.endDatagram()
        if self.sending.inFlightCount == 0 { self.dismissRest(path: path) }
        path.endAcknowledgements(now: now)
        self.control.log.forget(before: self.sending.first)
        if self.sending.inFlightCount == 0 {
            self.control.probe.stop()
        } else {
            self.control.probe.noteProgress(now: now)
        }
    }

    private mutating func judgeTransmissions(window: Double, now: Instant, path: PathController) {
        var tag = self.control.detector.judged
        if tag.isBefore(self.control.log.first) { tag = self.control.log.first }
        let alreadyDue = self.sending.due.count
        while tag != self.control.log.next {
            let record = self.control.log[tag]
            guard self.control.detector.isLost(sent: record.stamp.sent, window: window) else { break }
            if record.state == .outstanding { self.judge(tag, record, path: path) }
            tag &+= 1
        }
        self.control.detector.judged = tag
        if let belated = self.control.coverage.belated { self.releaseHeld(belated, path: path) }
        self.releaseHeld(path: path)
        self.releaseOverdue(now: now, path: path)
        if self.sending.due.count > alreadyDue { self.sending.sortDue() }
    }

    private mutating func judge(_ tag: UInt32, _ record: TransmissionRecord, path: PathController) {
        if self.control.coverage.mayBeUntold(tag, hurry: self.mustHurry(path)) {
            self.control.inFlightByteCount -= Int(record.byteCount)
            path.credit(record.stamp, byteCount: Int(record.byteCount))
            self.control.log.setState(.held, of: tag)
        } else {
            self.lose(tag, record, path: path)
        }
    }

    /// Whether sending again what may have arrived is better than to wait for missing acknowledgements: with a narrow window
    /// at the peer waiting stops what follows, and with many losses they seldom come (30 %: slower by 8 %).
    private func mustHurry(_ path: PathController) -> Bool {
        let window = Double(self.peerLimitedWindow * self.sending.segmentByteCount)
        let needed = 3 * path.rate * (path.roundTrip.minimum ?? 0) / 1e6
        return window < needed || 8 * self.sending.inFlightCount > 7 * self.peerLimitedWindow
            || path.recentLoss.share ?? 0 > 0.2
    }

    /// The missing datagram has come after all: what it does not list is lost.
    private mutating func releaseHeld(_ tags: Range<UInt32>, path: PathController) {
        var tag = tags.lowerBound
        while tag.isBefore(tags.upperBound) {
            if self.control.log.contains(tag), self.control.log[tag].state == .held {
                self.lose(tag, self.control.log[tag], path: path)
            }
            tag &+= 1
        }
    }

    /// `una` has come to a segment that was held: so it is lost. Of a peer that repeats itself nothing more will be heard of
    /// those sent together with it, and probably they are lost too.
    private mutating func releaseHeld(path: PathController) {
        guard self.sending.inFlightCount > 0 else { return }
        var tag = self.sending.records[self.sending.first].sendTime
        while self.control.log.contains(tag), self.control.log[tag].state == .held {
            self.lose(tag, self.control.log[tag], path: path)
            guard self.control.coverage.peerRepeats else { return }
            tag &+= 1
        }
    }

    /// Nor does it stay held for long: every lost segment of those would cost `una` a round trip.
    private mutating func releaseOverdue(now: Instant, path: PathController) {
        let isWaiting = self.control.coverage.peerRepeats || !self.mustHurry(path)
        let patience = isWaiting ? self.control.detector.patience(path.roundTrip) : 0
        var tag = self.control.detector.released
        if tag.isBefore(self.control.log.first) { tag = self.control.log.first }
        while tag.isBefore(self.control.detector.judged) {
            let record = self.control.log[tag]
            guard Double(now.microseconds(since: record.stamp.sent)) >= patience else { break }
            if record.state == .held { self.lose(tag, record, path: path) }
            tag &+= 1
        }
        self.control.detector.released = tag
    }

    private mutating func lose(_ tag: UInt32, _ record: TransmissionRecord, path: PathController) {
        if record.state == .outstanding {
            if self.dismissTransmission(tag, record, path: path) { return }
            self.control.inFlightByteCount -= Int(record.byteCount)
            path.lose(record.stamp, byteCount: Int(record.byteCount))
        }
        self.control.log.setState(.lost, of: tag)
        guard self.sending.isInFlight(record.number), self.sending.records[record.number].sendTime == tag else {
            return
        }
        if self.sending.scheduleLost(record.number) { self.statistics.fastRetransmissions &+= 1 }
    }
}

// MARK: - Sending

extension Conversation {
    /// Whether a segment may leave now.
    func mayTransmit(_ path: PathController) -> Bool {
        self.hasSomethingToSend && self.control.mayTransmit(path)
    }

    /// Whether something could leave that the peer has room for.
    package var hasSomethingToSend: Bool {
        self.sending.hasDue || self.mayNumberSegment || self.control.copies.hasDue || self.nextDouble != nil
    }

    /// Parity goes out with what is sent from now on, or no longer: that mends losses without sending again.
    package mutating func noteParity(isSent: Bool) { self.control.isUnderParity = isSent }

    /// Whether the peer's window has room for a segment that has no number yet.
    package var peerTakesMore: Bool { self.sending.inFlightCount < self.peerLimitedWindow }

    private var mayNumberSegment: Bool { self.sending.queuedByteCount > 0 && self.peerTakesMore }

    /// Appends PUSHs to a packet: first what is lost, then what is new, then copies of what is under way.
    mutating func writeControlled(
        _ packet: inout MutableRawSpan, _ length: inout Int, now: Instant, path: PathController
    ) {
        let start = length
        while self.control.mayTransmit(path) {
            if let number = self.nextDouble {
                // In a datagram of its own, or it shares the fate of the first.
                guard length == start, self.fits(number, packet, length) else { return }
                self.control.doubled = nil
                self.writeDouble(number, to: &packet, &length, now: now, path: path)
            } else if let number = self.sending.nextRetransmission() {
                guard self.fits(number, packet, length) else { return }
                self.sending.takeRetransmission(number)
                self.statistics.retransmittedSegments &+= 1
                let byteCount = self.transmit(number, to: &packet, &length, now: now, path: path)
                self.statistics.retransmittedPayloadBytes &+= UInt64(byteCount)
                if self.mayStopWindow(number, path: path) { self.control.doubled = number }
            } else if self.mayNumberSegment {
                guard self.transmitNext(&packet, &length, now: now, path: path) else { return }
            } else if self.control.copies.hasDue {
                // In a datagram of its own, too.
                guard length == start, !self.writeDueCopy(&packet, &length, now: now, path: path) else { return }
            } else {
                path.noteApplicationLimit(of: self.control.member)
                return
            }
        }
    }

    /// Whether the peer's window would be full before it shows that this retransmission was lost too. A window of 2048
    /// segments at 100 Mbit/s, 50 ms and acknowledgements every 30 ms stood still for a fifth of the time by that.
    private func mayStopWindow(_ number: UInt32, path: PathController) -> Bool {
        !self.control.isUnderParity && 3 * self.sending.next.distance(after: number) > self.peerLimitedWindow
            && path.recentLoss.share ?? 0 <= Self.largestLossToDouble
    }

    /// What is to go out a second time, if it has not arrived in the meantime.
    private var nextDouble: UInt32? {
        guard let number = self.control.doubled, self.sending.isInFlight(number),
            !self.sending.records[number].isAcknowledged
        else { return nil }
        return number
    }

    /// With more losses the doubles themselves are what the path lacks room for.
    private static var largestLossToDouble: Double { 0.2 }

    /// Numbers a segment and appends it, in sparse traffic behind some that are under way; `false` if the packet has no
    /// room for it.
    private mutating func transmitNext(
        _ packet: inout MutableRawSpan, _ length: inout Int, now: Instant, path: PathController
    ) -> Bool {
        let payload = min(self.sending.queuedByteCount, self.sending.segmentByteCount)
        let nextByteCount = SegmentHeader.byteCount + payload
        guard length &+ nextByteCount <= packet.byteCount else { return false }
        let plan = self.copyPlan
        var bundled = 0
        if plan.bundledCount > 0, payload <= CopyPlan.largestSegmentByteCount {
            bundled = self.writeBundle(
                .init(), to: &packet, &length, reserving: nextByteCount, now: now, path: path)
        }
        guard let number = self.sending.numberNextSegment() else { return false }
        let byteCount = self.transmit(
            number, to: &packet, &length, bundledByteCount: bundled, plan: plan, now: now, path: path)
        self.statistics.sentPayloadBytes &+= UInt64(byteCount)
        return true
    }

    /// - Parameter bundledByteCount: what was put into the packet just before for this one's sake.
    /// - Returns: the length of the segment's payload.
    private mutating func transmit(
        _ number: UInt32, to packet: inout MutableRawSpan, _ length: inout Int, bundledByteCount: Int = 0,
        plan: CopyPlan? = nil, now: Instant, path: PathController
    ) -> Int {
        let payload = Int(self.sending.records[number].byteCount)
        let isFirst = length == bundledByteCount
        let byteCount =
            payload + SegmentHeader.byteCount + bundledByteCount + (isFirst ? self.control.overheadByteCount : 0)
        let plan = payload <= CopyPlan.largestSegmentByteCount ? plan ?? self.copyPlan : .none
        let tag = self.track(
            number, byteCount: byteCount, kind: plan == .none ? .regular : .message, now: now, path: path)
        self.sending.stampTransmission(number, tag: tag)
        self.control.sparse.spend(byteCount - bundledByteCount)
        self.control.copies.schedule(number, plan: plan, now: now)
        self.control.exemptCount = max(0, self.control.exemptCount - 1)
        return self.writeSegment(number, to: &packet, &length)
    }

    /// Notes a transmission; returns its tag.
    mutating func track(
        _ number: UInt32, byteCount: Int, kind: SendStamp.Kind, now: Instant, path: PathController
    ) -> UInt32 {
        let stamp = path.stamp(byteCount: byteCount, kind: kind, now: now)
        self.control.inFlightByteCount += byteCount
        self.control.probe.start(now: now)
        return self.control.log.append(number, byteCount: byteCount, stamp: stamp)
    }

    /// When acknowledgements will have stayed away for so long that something is sent to ask for one.
    var probeDeadline: Instant? {
        guard let path = self.control.path else { return nil }
        return self.control.probe.deadline(
            path.roundTrip, datagramTime: path.datagramTime, isEverythingWaiting: self.isWindowBehindHole)
    }

    /// The peer's window is full, and what it begins with has been sent again: nothing newer will show whether that arrived,
    /// and nothing else can be done until it does.
    private var isWindowBehindHole: Bool {
        !self.peerTakesMore && self.sending.inFlightCount > 0
            && self.sending.records[self.sending.first].transmissionCount > 1
    }

    /// Acknowledgements have stopped coming: sends something that asks for one.
    mutating func sendProbe(now: Instant) {
        let wantsOldest = self.isWindowBehindHole || self.control.probe.wantsOldest
        self.control.probe.noteProbe(now: now)
        guard let number = wantsOldest ? self.sending.oldestOpen : self.sending.newestOpen else {
            return self.control.probe.stop()
        }
        if self.sending.scheduleLost(number) { self.statistics.timeouts &+= 1 }
        self.sending.sortDue()
        self.control.exemptCount = 1
    }
}
