import Testing

@testable import TunnelCommand

@Suite struct DemoPingSummaryTests {
    @Test func `no round trips have no summary`() {
        #expect(PingSummary(microseconds: []) == nil)
    }

    @Test func `one round trip is every percentile`() {
        let summary = PingSummary(microseconds: [50_250])
        #expect(summary?.medianMilliseconds == 50.25)
        #expect(summary?.percentile99Milliseconds == 50.25)
    }

    @Test(arguments: [(50, 50), (99, 99), (100, 100), (1, 1), (0, 1)])
    func `a percentile is the smallest value that so many do not exceed`(percent: Int, expected: Int) {
        #expect(PingSummary.percentile(percent, of: Array(1...100)) == expected)
    }

    @Test func `the order of the round trips does not matter`() {
        #expect(PingSummary(microseconds: [3, 1, 2]) == PingSummary(microseconds: [1, 2, 3]))
    }

    @Test func `a meter summarises what came behind a mark`() {
        let meter = PingMeter()
        meter.record(microseconds: 1000)
        let mark = meter.count
        #expect(meter.summary(from: mark) == nil)
        meter.record(microseconds: 3000)
        #expect(meter.summary(from: mark)?.medianMilliseconds == 3)
        #expect(meter.summary()?.count == 2)
    }
}
