import Testing

@testable import KCP

@Suite struct RepairGroupTests {
    @Test(arguments: [(10, 3, true), (20, 5, true), (10, 2, false), (30, 3, false), (3, 3, false), (20, 6, false)])
    func `counts with which copies are better make no groups`(data: Int, parity: Int, isGood: Bool) {
        #expect((RepairGroup(dataShards: data, parityShards: parity) != nil) == isGood)
    }

    /// Of 10 data and 3 parity packets. The more gets lost, the fewer segments share a group's parity.
    @Test(
        arguments: [
            (14, 0.05, 28, 7), (7, 0.05, 14, 7), (8, 0.05, 16, 4), (14, 0.01, 28, 7), (10, 0.01, 20, 10),
            (9, 0.1, 18, 3),
            (3, 0.05, 6, 3), (2, 0.05, 4, 2), (1, 0.05, 2, nil), (3, 0.05, 3, nil), (7, 0.05, 7, 7), (9, 0.2, 18, nil),
            (0, 0.05, 0, nil),
        ] as [(Int, Double, Int, Int?)])
    func `groups are about equal, and there are none where copies are cheaper`(
        waiting: Int, loss: Double, copies: Int, count: Int?
    ) throws {
        let group = try #require(RepairGroup(dataShards: 10, parityShards: 3))
        #expect(group.segmentCount(of: waiting, loss: loss, copyCount: copies) == count)
    }

    @Test(arguments: 1...10) func `what comes after a complete group makes no other one`(segmentCount: Int) throws {
        let group = try #require(RepairGroup(dataShards: 10, parityShards: 3))
        let repeated = group.repeatedCount(beside: segmentCount)
        #expect(repeated <= 10 - segmentCount && 3 + repeated < 10)
        #expect(group.slotCount(for: segmentCount) == 13 + repeated)
    }
}
