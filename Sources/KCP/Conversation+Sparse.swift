package import PacketPrimitives
import RateControl

// Sparse traffic of a conversation whose sending a path controller directs.
extension Conversation {
    /// To be called before packets are polled.
    /// - Parameter hasBacklog: the streams have more than what has been written.
    /// - Returns: how many packets may leave whatever the pacing says.
    package mutating func favourSparseTraffic(hasBacklog: Bool, now: Instant) -> Int {
        guard let path = self.control.path else { return 0 }
        let load = SparseTraffic.Load(
            openByteCount: self.sending.bytes.byteCount, queuedByteCount: self.sending.queuedByteCount,
            segmentByteCount: self.sending.segmentByteCount, hasBacklog: hasBacklog)
        self.control.sparse.update(load, pathRate: path.pacingRate, isRateFixed: path.isRateFixed, now: now)
        self.control.copies.release(now: now)
        guard self.control.sparse.isFavoured else {
            self.control.copies.dropDue()
            return 0
        }
        return self.hasSomethingToSend ? Self.favouredPacketCount : 0
    }

    /// More than sparse traffic ever has.
    private static var favouredPacketCount: Int { 16 }

    /// How sparse traffic is protected now.
    var copyPlan: CopyPlan {
        guard let path = self.control.path, self.control.sparse.isFavoured else { return .none }
        // A peer that holds acknowledgements back hides which copy arrived, and so what got lost.
        let loss = self.prompt == nil && path.recentLoss.share != 0 ? nil : path.recentLoss.share
        return CopyPlan(loss: loss, minimumRoundTrip: path.roundTrip.minimum)
    }

    // MARK: Writing

    /// Which segments under way a datagram takes along.
    struct BundleChoice {
        /// So many of the newest are left out.
        var skippedCount = 0
        /// Of the others only those that were sent last so long ago, microseconds.
        var leastAge = 0
    }

    /// Appends segments that are under way already, older ones first, and leaves room for `reserved` bytes.
    /// - Returns: the bytes appended.
    mutating func writeBundle(
        _ choice: BundleChoice, to packet: inout MutableRawSpan, _ length: inout Int, reserving reserved: Int,
        now: Instant, path: PathController
    ) -> Int {
        let start = length
        var numbers: InlineArray<3, UInt32> = .init(repeating: 0)
        let count = self.selectBundle(choice, &numbers, now: now)
        for index in (0..<count).reversed() {
            let number = numbers[index]
            let byteCount = SegmentHeader.byteCount + Int(self.sending.records[number].byteCount)
            guard length + byteCount + reserved <= packet.byteCount, path.takeCopyBudget(byteCount, now: now) else {
                continue
            }
            self.writeCompanion(number, to: &packet, &length, now: now)
        }
        return length - start
    }

    /// Finds the newest segments that fit the choice, newest first; returns how many.
    private func selectBundle(
        _ choice: BundleChoice, _ numbers: inout InlineArray<3, UInt32>, now: Instant
    ) -> Int {
        var (count, passed) = (0, 0)
        var number = self.sending.next
        for _ in 0..<min(self.sending.inFlightCount, Self.bundleReach) {
            number &-= 1
            guard self.isCopyable(number) else { continue }
            passed += 1
            guard passed > choice.skippedCount, self.age(of: number, now: now) >= choice.leastAge else {
                continue
            }
            numbers[count] = number
            count += 1
            if count == numbers.count { break }
        }
        return count
    }

    /// For how long a segment's last transmission has been under way, microseconds.
    func age(of number: UInt32, now: Instant) -> Int {
        let tag = self.sending.records[number].sendTime
        return self.control.log.contains(tag) ? now.microseconds(since: self.control.log[tag].stamp.sent) : .max
    }

    /// How far back a datagram looks for segments to take along.
    private static var bundleReach: Int { 24 }

    private func isCopyable(_ number: UInt32) -> Bool {
        let record = self.sending.records[number]
        return !record.isAcknowledged && !record.isScheduled && record.transmissionCount > 0
            && Int(record.byteCount) <= CopyPlan.largestSegmentByteCount
    }

    /// Appends a copy to a datagram that is sent for another segment's sake, which accounts for its bytes.
    private mutating func writeCompanion(
        _ number: UInt32, to packet: inout MutableRawSpan, _ length: inout Int, now: Instant
    ) {
        var stamp = SendStamp()
        stamp.sent = now
        stamp.kind = .copy
        let tag = self.control.log.append(number, byteCount: 0, stamp: stamp, state: .disregarded)
        self.countCopy(number)
        self.writeTransmission(number, time: tag, to: &packet, &length)
    }

    private mutating func countCopy(_ number: UInt32) {
        self.statistics.copiedSegments &+= 1
        self.statistics.copiedPayloadBytes &+= UInt64(self.sending.records[number].byteCount)
    }

    /// Writes one datagram's worth of a copy that is due; `false` if none was.
    mutating func writeDueCopy(
        _ packet: inout MutableRawSpan, _ length: inout Int, now: Instant, path: PathController
    ) -> Bool {
        while let copy = self.control.copies.nextDue() {
            let number = copy.number
            guard self.sending.isInFlight(number), self.isCopyable(number), self.fits(number, packet, length) else {
                continue
            }
            let segmentByteCount = SegmentHeader.byteCount + Int(self.sending.records[number].byteCount)
            let overhead = length == 0 ? self.control.overheadByteCount : 0
            guard path.takeCopyBudget(segmentByteCount + overhead, isOptional: copy.isOptional, now: now) else {
                continue
            }
            self.writeCopy(number, overhead: overhead, to: &packet, &length, now: now, path: path)
            return true
        }
        return false
    }

    /// Sends again what has just been sent again, in a datagram of its own.
    mutating func writeRepairCopy(
        _ number: UInt32, to packet: inout MutableRawSpan, _ length: inout Int, now: Instant, path: PathController
    ) {
        self.writeCopy(
            number, overhead: self.control.overheadByteCount, to: &packet, &length, now: now, path: path)
    }

    /// The peer acknowledges the first of several segments that it has already, so that comes first.
    private mutating func writeCopy(
        _ number: UInt32, overhead: Int, to packet: inout MutableRawSpan, _ length: inout Int, now: Instant,
        path: PathController
    ) {
        let start = length
        let byteCount = SegmentHeader.byteCount + Int(self.sending.records[number].byteCount) + overhead
        let tag = self.track(number, byteCount: byteCount, kind: .copy, now: now, path: path)
        self.sending.records[number].sendTime = tag
        self.countCopy(number)
        self.writeTransmission(number, time: tag, to: &packet, &length)
        let bundledCount = self.copyPlan.bundledCount
        guard bundledCount > 0, start == 0 else { return }
        // New datagrams take the newest along; the older ones that should have been acknowledged by now are left.
        let age = Int(path.roundTrip.smoothed) - CopyPlan.delays[CopyPlan.delays.count - 1]
        let choice = BundleChoice(skippedCount: 1 + bundledCount, leastAge: max(age, 0))
        _ = self.writeBundle(choice, to: &packet, &length, reserving: 0, now: now, path: path)
    }

    // MARK: Acknowledgements

    /// A transmission counts as lost, but its segment has arrived, perhaps by another one; `false` if not.
    mutating func dismissTransmission(_ tag: UInt32, _ record: TransmissionRecord, path: PathController) -> Bool {
        guard record.stamp.kind != .regular else { return false }
        guard !self.sending.isInFlight(record.number) || self.sending.records[record.number].isAcknowledged else {
            return false
        }
        self.control.inFlightByteCount -= Int(record.byteCount)
        path.dismiss(record.stamp, byteCount: Int(record.byteCount), isSuspect: self.prompt != nil)
        // Its acknowledgement may follow, and is no repetition then.
        self.control.log.setState(.disregarded, of: tag)
        return true
    }

    /// Everything has arrived: nothing will tell what became of further copies.
    mutating func dismissRest(path: PathController) {
        var tag = self.control.log.first
        while tag != self.control.log.next {
            let record = self.control.log[tag]
            if record.state == .outstanding, !self.dismissTransmission(tag, record, path: path) {
                // It was too young to be what `una` passed, so it stayed open.
                self.control.inFlightByteCount -= Int(record.byteCount)
                path.credit(record.stamp, byteCount: Int(record.byteCount))
                self.control.log.setState(.settled, of: tag)
            }
            tag &+= 1
        }
    }
}
