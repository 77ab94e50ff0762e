import Testing

@testable import TunnelRuntime

@Suite struct LaneLoadTests {
    private static func choice(
        _ loads: [(bulk: Int, sparse: Int, streams: Int)], roundTrip: Int? = nil
    ) -> LaneLoad.Choice {
        LaneLoad.choice(
            among: loads.map { LaneLoad(bulkCount: $0.bulk, sparseCount: $0.sparse, streamCount: $0.streams) },
            limit: 3, roundTrip: roundTrip)
    }

    @Test func `over a short way streams that begin together share a session`() {
        #expect(Self.choice([(0, 0, 1)], roundTrip: 7) == .lane(0))
        #expect(Self.choice([(0, 0, 1)], roundTrip: 8) == .another)
        #expect(Self.choice([(1, 0, 1)], roundTrip: 7) == .another)
        #expect(Self.choice([(0, 0, 9), (0, 0, 0)], roundTrip: 7) == .lane(0))
    }

    @Test func `an empty lane comes first`() {
        #expect(Self.choice([(0, 0, 0)]) == .lane(0))
        #expect(Self.choice([(0, 0, 5), (0, 0, 0)]) == .lane(1))
    }

    @Test func `streams that begin together are spread over two lanes`() {
        #expect(Self.choice([(0, 0, 1)]) == .another)
        #expect(Self.choice([(0, 0, 2), (0, 0, 1)]) == .lane(1))
        #expect(Self.choice([(0, 0, 2), (0, 0, 2)]) == .lane(0))
    }

    @Test func `a lane whose streams are all young is as good as another, however many it has`() {
        #expect(Self.choice([(1, 0, 1), (0, 0, 9)]) == .lane(1))
        #expect(Self.choice([(0, 1, 1), (0, 0, 9)]) == .lane(1))
    }

    @Test func `another lane is opened if all carry transfers or what a transfer would hold up`() {
        #expect(Self.choice([(1, 0, 1)]) == .another)
        #expect(Self.choice([(0, 1, 1)]) == .another)
        #expect(Self.choice([(1, 1, 2), (2, 0, 2)]) == .another)
    }

    @Test func `at the limit the one with the least load takes it`() {
        #expect(Self.choice([(2, 0, 2), (1, 4, 5), (1, 0, 3)]) == .lane(2))
        #expect(Self.choice([(0, 4, 5), (1, 0, 1), (0, 2, 3)]) == .lane(2))
    }
}
