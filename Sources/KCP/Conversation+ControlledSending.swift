import PacketPrimitives
import RateControl

// What a conversation whose sending a path controller directs sends, and in which order.
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
            && !self.hasHeavyLoss(path)
    }

    /// What is to go out a second time, if it has not arrived in the meantime.
    private var nextDouble: UInt32? {
        guard let number = self.control.doubled, self.sending.isInFlight(number),
            !self.sending.records[number].isAcknowledged
        else { return nil }
        return number
    }

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
            && !self.sending.records[self.sending.first].isAcknowledged
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
