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
        self.sending.hasDue && self.control.gathering == nil || self.mayNumberSegment || self.control.copies.hasDue
            || self.nextRepairCopy != nil
    }

    private var mayNumberSegment: Bool { self.sending.queuedByteCount > 0 && self.peerTakesMore }

    /// Appends PUSHs to a packet: first what is lost, then what is new, then copies of what is under way.
    mutating func writeControlled(
        _ packet: inout MutableRawSpan, _ length: inout Int, now: Instant, path: PathController
    ) {
        let start = length
        while self.control.mayTransmit(path) {
            if let number = self.nextLost {
                guard self.fits(number, packet, length) else { return }
                self.retransmit(number, to: &packet, &length, now: now, path: path)
            } else if let number = self.nextRepairCopy {
                // In a datagram of its own, or it shares the fate of another.
                guard length == start, self.fits(number, packet, length) else { return }
                self.control.repairs.take(number)
                self.writeRepairCopy(number, to: &packet, &length, now: now, path: path)
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

    /// - Parameter isProtected: by parity, so that no copies follow.
    mutating func retransmit(
        _ number: UInt32, isProtected: Bool = false, to packet: inout MutableRawSpan, _ length: inout Int, now: Instant,
        path: PathController
    ) {
        let copyCount = isProtected ? 0 : self.repairCopyCount(number, path: path)
        self.sending.takeRetransmission(number)
        self.statistics.retransmittedSegments &+= 1
        // Of several that may have arrived the peer need not say which have, and parity hides losses: they are measured
        // with others.
        let byteCount = self.transmit(
            number, kind: isProtected || copyCount > 0 ? .copy : nil, to: &packet, &length, now: now, path: path)
        self.statistics.retransmittedPayloadBytes &+= UInt64(byteCount)
        if copyCount > 0 { self.control.repairs.append(number, copyCount: copyCount) }
        self.advancePresumption(now: now, path: path)
    }

    /// How many more times something goes out that is sent again: the peer's window may be full before it shows that this was
    /// lost too. A window of 2048 segments at 100 Mbit/s, 50 ms and acknowledgements every 30 ms stood still for a fifth of
    /// the time by that.
    func repairCopyCount(_ number: UInt32, path: PathController) -> Int {
        guard self.sending.records[number].transmissionCount > 0, !self.control.isUnderParity,
            3 * self.sending.next.distance(after: number) > self.peerLimitedWindow, !self.hasHeavyLoss(path)
        else { return 0 }
        return RepairQueue.copyCount(
            loss: path.recentLoss.share ?? 0, window: self.peerLimitedWindow,
            isUntold: self.sending.records[number].isUntold)
    }

    /// What goes out again next. The peer's window waits for what has been sent again, so copies of that go before what it has
    /// refused.
    private var nextLost: UInt32? {
        @inline(__always) mutating get {
            guard let number = self.sending.nextRetransmission(), self.control.gathering == nil else { return nil }
            let wasRefused = self.sending.records[number].transmissionCount == 0
            return wasRefused && self.nextRepairCopy != nil ? nil : number
        }
    }

    /// What has been sent again and goes out once more, if it has not arrived in the meantime.
    private var nextRepairCopy: UInt32? {
        if self.control.repairs.isEmpty { return nil }
        return self.control.repairs.next { self.sending.isOpen($0) }
    }

    /// What arrives before its copies leave needs none.
    mutating func forgetClosedRepairs() {
        // The queue leaves `self` for the call, which asks the send window.
        var repairs = RepairQueue()
        swap(&repairs, &self.control.repairs)
        repairs.forgetClosed { self.sending.isOpen($0) }
        swap(&repairs, &self.control.repairs)
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

    /// - Parameters:
    ///   - kind: `nil`: as the plan says.
    ///   - bundledByteCount: what was put into the packet just before for this one's sake.
    /// - Returns: the length of the segment's payload.
    private mutating func transmit(
        _ number: UInt32, kind: SendStamp.Kind? = nil, to packet: inout MutableRawSpan, _ length: inout Int,
        bundledByteCount: Int = 0,
        plan: CopyPlan? = nil, now: Instant, path: PathController
    ) -> Int {
        let payload = Int(self.sending.records[number].byteCount)
        let isFirst = length == bundledByteCount
        let byteCount =
            payload + SegmentHeader.byteCount + bundledByteCount + (isFirst ? self.control.overheadByteCount : 0)
        let plan = payload <= CopyPlan.largestSegmentByteCount ? plan ?? self.copyPlan : .none
        let tag = self.track(
            number, byteCount: byteCount, kind: kind ?? (plan == .none ? .regular : .message), now: now, path: path)
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
            path.roundTrip, datagramTime: path.datagramTime, blockage: self.windowBlockage(path))
    }

    /// Whether nothing else can be done until something is acknowledged. Nothing newer need show whether what has been sent
    /// again, or may never be told of, has arrived.
    private func windowBlockage(_ path: PathController) -> WindowBlockage? {
        guard self.sending.inFlightCount > 0, !self.peerTakesMore else { return nil }
        let record = self.sending.records[self.sending.first]
        guard !record.isAcknowledged else { return .fullWindow }
        let transmission = self.control.log.contains(record.sendTime) ? self.control.log[record.sendTime] : nil
        if let transmission, transmission.state == .held { return .hole(due: nil) }
        guard record.transmissionCount > 1 else { return .fullWindow }
        let patience = path.roundTrip.smoothed + path.roundTrip.acknowledgementDelay
        return .hole(due: transmission?.stamp.sent.advanced(microseconds: Int(patience)))
    }

    /// Acknowledgements have stopped coming: sends something that asks for one.
    mutating func sendProbe(now: Instant) {
        guard let path = self.control.path else { return }
        let isHole = if case .hole = self.windowBlockage(path) { true } else { false }
        let wantsOldest = isHole || self.control.probe.wantsOldest
        self.control.probe.noteProbe(path.roundTrip, now: now)
        self.control.gathering = nil
        guard let number = wantsOldest ? self.sending.oldestOpen : self.sending.newestOpen else {
            return self.control.probe.stop()
        }
        if self.sending.scheduleLost(number) { self.statistics.timeouts &+= 1 }
        self.sending.sortDue()
        self.control.exemptCount = 1
    }
}
