import Testing

@testable import TunnelRuntime

@Suite struct LaneLoadTests {
    private static func choice(_ loads: [(bulk: Int, streams: Int)]) -> LaneLoad.Choice {
        LaneLoad.choice(among: loads.map { LaneLoad(bulkCount: $0.bulk, streamCount: $0.streams) }, limit: 3)
    }

    @Test func `a stream goes to the first lane without transfers, however many streams that has`() {
        #expect(Self.choice([(0, 50), (0, 0)]) == .lane(0))
        #expect(Self.choice([(1, 1), (0, 9)]) == .lane(1))
    }

    @Test func `another lane is opened only if all carry transfers`() {
        #expect(Self.choice([(1, 1)]) == .another)
        #expect(Self.choice([(1, 1), (2, 2)]) == .another)
    }

    @Test func `at the limit the one with the least load takes it`() {
        #expect(Self.choice([(2, 2), (1, 5), (1, 3)]) == .lane(2))
    }
}
