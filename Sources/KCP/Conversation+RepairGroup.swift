package import PacketPrimitives
import RateControl

// What is sent again in an FEC group, instead of in copies.
extension Conversation {
    /// The original tells of what arrives every 10 to 30 ms, in several datagrams one after the other. What they show to be
    /// lost fills its groups only together: sent one by one the groups took a hundredth of a link more.
    private static var gatheringMicroseconds: Int { 1500 }

    /// Something is known to be lost, where nothing was before.
    mutating func gatherRepairs(now: Instant, path: PathController) {
        guard self.control.repairGroup != nil, !self.control.lossRuns.areLong,
            let number = self.sending.nextRetransmission(), self.repairCopyCount(number, path: path) > 0
        else { return }
        self.control.gathering = now.advanced(microseconds: Self.gatheringMicroseconds)
    }

    mutating func endGathering(now: Instant) {
        if let end = self.control.gathering, end <= now { self.control.gathering = nil }
    }

    /// What parity does now.
    /// - Parameters:
    ///   - isSent: it goes out with everything, which mends losses without sending again.
    ///   - repairGroup: what may go out with what `pollRepairGroup` gives.
    package mutating func noteParity(isSent: Bool, repairGroup: RepairGroup?) {
        self.control.isUnderParity = isSent
        self.control.repairGroup = repairGroup
    }

    /// Writes packets into the (empty) slab that are to become an FEC group: segments of which there would be copies, and
    /// packets that say nothing, at the end. Returns how many of these are to go out twice; `nil`, and nothing is written, if
    /// there is no need for a group now.
    /// - Parameter room: packets that may leave.
    package mutating func pollRepairGroup(into slab: inout PacketSlab, room: Int, now: Instant) -> Int? {
        guard let group = self.control.repairGroup, self.control.gathering == nil,
            self.sending.nextRetransmission() != nil, let path = self.control.path, !self.control.lossRuns.areLong,
            room >= group.dataShards + group.parityShards,
            path.pacingAllowance(of: self.control.member, now: now) > 0, self.control.mayTransmit(path),
            let count = self.segmentCount(for: group, path: path), slab.freeSlotCount >= group.slotCount(for: count)
        else { return nil }
        for index in 0..<group.dataShards {
            slab.takeSlot(byteCount: self.configuration.mtu)
            var packet = slab.mutableBytes(at: index)
            var length = 0
            if index < count, let number = self.sending.nextRetransmission() {
                self.retransmit(number, isProtected: true, to: &packet, &length, now: now, path: path)
            } else {
                self.writeControl(.tellWindow, time: 0, number: 0, to: &packet, &length)
            }
            slab.setByteCount(at: index, to: length)
        }
        self.statistics.sentPackets &+= UInt64(group.dataShards)
        return group.repeatedCount(beside: count)
    }

    /// How many of the segments that are due go into the next group.
    private func segmentCount(for group: RepairGroup, path: PathController) -> Int? {
        var count = 0
        var copyCount = 0
        for number in self.sending.due[self.sending.nextDue...] {
            guard self.sending.isOpen(number), count < 2 * group.dataShards else { break }
            let copies = self.repairCopyCount(number, path: path)
            guard copies > 0 else { break }
            count += 1
            copyCount += copies
        }
        return group.segmentCount(of: count, loss: path.recentLoss.share ?? 0, copyCount: copyCount)
    }
}
