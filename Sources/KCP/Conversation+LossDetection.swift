import PacketPrimitives
import RateControl

// What acknowledgements tell a conversation whose sending a path controller directs: which transmission arrived, which is
// lost, and of which that is not known yet.
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
        case .disregarded: return self.control.log.setState(.settled, of: tag)
        case .outstanding:
            self.control.inFlightByteCount -= byteCount
            path.acknowledge(record.stamp, byteCount: byteCount, isTimely: isTimely && byteCount > 0, now: now)
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
        if self.control.detector.isLost(sent: record.stamp.sent) {
            path.credit(record.stamp, byteCount: byteCount)
        } else {
            path.acknowledge(record.stamp, byteCount: byteCount, isTimely: false, now: now)
        }
    }

    /// A packet with acknowledgements has been read to its end: judges what is lost.
    mutating func endAcknowledgements(now: Instant, path: PathController) {
        if self.control.coverage.isNew { self.control.detector.confirmReordering(now: now) }
        self.control.detector.endDatagram(now: now)
        self.control.detector.adapt(to: path.roundTrip, isHurried: self.waitsShortly(path))
        path.reorderWindow = self.control.detector.window
        self.noteExpected(now: now, path: path)
        self.judgeTransmissions(now: now, path: path)
        if !self.control.repairs.isEmpty { self.forgetClosedRepairs() }
        self.advancePresumption(now: now, path: path)
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

    /// The peer's window is narrow, so that a lost segment keeps back what follows; but of a peer that says everything once,
    /// a datagram of acknowledgements that was lost is often rebuilt from parity a little later.
    private func waitsShortly(_ path: PathController) -> Bool {
        !self.control.coverage.peerRepeats && self.isWindowNarrow(path) && !self.hasHeavyLoss(path)
    }

    private mutating func judgeTransmissions(now: Instant, path: PathController) {
        var tag = self.control.detector.judged
        if tag.isBefore(self.control.log.first) { tag = self.control.log.first }
        let alreadyDue = self.sending.due.count
        let hasDue = self.sending.hasDue
        while tag != self.control.log.next {
            let record = self.control.log[tag]
            guard self.control.detector.isLost(sent: record.stamp.sent) else { break }
            if record.state == .outstanding { self.judge(tag, record, path: path) }
            tag &+= 1
        }
        self.control.detector.judged = tag
        if let (first, end) = self.control.coverage.belated { self.releaseHeld(from: first, to: end, path: path) }
        self.releaseHeld(path: path)
        self.releaseOverdue(now: now, path: path)
        if self.sending.due.count > alreadyDue {
            self.sending.sortDue()
            if !hasDue { self.gatherRepairs(now: now, path: path) }
        }
    }

    private mutating func judge(_ tag: UInt32, _ record: TransmissionRecord, path: PathController) {
        if self.wasRefused(record) {
            self.withdraw(tag, record, path: path)
        } else if self.control.coverage.mayBeUntold(tag, hurry: self.hasHeavyLoss(path)) {
            self.control.inFlightByteCount -= Int(record.byteCount)
            path.credit(record.stamp, byteCount: Int(record.byteCount))
            self.control.log.setState(.held, of: tag)
        } else {
            self.lose(tag, record, path: path)
        }
    }

    /// Whether so much gets lost that neither waiting for acknowledgements nor sending twice pays.
    func hasHeavyLoss(_ path: PathController) -> Bool { path.recentLoss.share ?? 0 > 0.2 }

    /// The missing datagram has come after all: what it does not list is lost.
    private mutating func releaseHeld(from first: UInt32, to end: UInt32, path: PathController) {
        var tag = first
        while tag.isBefore(end) {
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
        let patience = self.control.detector.patience(path.roundTrip)
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
            self.control.lossRuns.note(tag)
        }
        self.control.log.setState(.lost, of: tag)
        guard self.sending.isInFlight(record.number), self.sending.records[record.number].sendTime == tag else {
            return
        }
        guard self.sending.scheduleLost(record.number) else { return }
        self.sending.records[record.number].isUntold = record.state == .held
        self.statistics.fastRetransmissions &+= 1
    }
}
