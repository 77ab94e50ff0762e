/// The FEC group (protocol 02 §3) in which segments are sent again that the peer's window waits for.
///
/// With parity 3 a group of 7 is as safe as three transmissions of each, and half as many bytes. Where fewer segments are lost
/// than the group has places, the others get packets that say nothing; they are small and go out twice, so that they do not
/// count among what may get lost.
package struct RepairGroup: Equatable, Sendable {
    /// D, how many packets it has.
    package let dataShards: Int
    /// P, how many of all may get lost.
    package let parityShards: Int

    private static let leastParity = 3
    /// With more, copies are cheaper.
    private static let mostParity = 5
    private static let mostData = 20
    /// The probability with which a group may fail, at most. Each one that does costs a round trip of the path's capacity.
    private static let toleratedFailure = 0.002
    /// What a small packet takes, in full ones.
    private static let smallPacket = 0.06

    /// `nil` if copies are better than groups with these counts.
    package init?(dataShards: Int, parityShards: Int) {
        guard parityShards >= Self.leastParity, parityShards <= Self.mostParity, dataShards > parityShards,
            dataShards <= Self.mostData
        else { return nil }
        self.dataShards = dataShards
        self.parityShards = parityShards
    }

    /// How many packets go out twice beside `segmentCount` segments. A decoder that has completed a group begins anew with what
    /// still comes of it. What it rebuilds then would be acknowledged a second time, so there must not be enough for that.
    func repeatedCount(beside segmentCount: Int) -> Int {
        min(self.dataShards - segmentCount, self.dataShards - self.parityShards - 1)
    }

    /// Slots that it takes with everything.
    func slotCount(for segmentCount: Int) -> Int {
        self.dataShards + self.parityShards + self.repeatedCount(beside: segmentCount)
    }

    /// How many of `waitingCount` segments go into the next group, so that all groups are about equal; `nil` if copies of each
    /// are cheaper.
    /// - Parameters:
    ///   - loss: the share of datagrams that gets lost, each by itself.
    ///   - copyCount: of all of them together.
    func segmentCount(of waitingCount: Int, loss: Double, copyCount: Int) -> Int? {
        let most = self.largestSegmentCount(loss: loss)
        guard waitingCount > 0, most > 0 else { return nil }
        let groupCount = (waitingCount + most - 1) / most
        let count = (waitingCount + groupCount - 1) / groupCount
        let smallCount = self.dataShards - count + self.repeatedCount(beside: count)
        let cost = Double(self.parityShards) + Self.smallPacket * Double(smallCount)
        return cost * Double(waitingCount) < Double(copyCount * count) ? count : nil
    }

    /// So that it seldom happens that more than P of the segments and the parity get lost.
    private func largestSegmentCount(loss: Double) -> Int {
        var count = 0
        while count < self.dataShards {
            var failure = 1.0
            for lost in 0...self.parityShards {
                failure *= Double(count + 1 + self.parityShards - lost) / Double(lost + 1) * loss
            }
            if failure > Self.toleratedFailure { break }
            count += 1
        }
        return count
    }
}
