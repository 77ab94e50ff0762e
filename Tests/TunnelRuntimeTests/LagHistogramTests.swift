import Testing
import TunnelRuntime

@Suite struct LagHistogramTests {
    @Test(arguments: [(0, 0), (1000, 0), (1001, 1), (100_000, 5), (1_000_000, 7), (1_000_001, 8), (.max, 8)])
    func `a sample counts for the first bound that it does not exceed`(microseconds: Int, index: Int) {
        var histogram = LagHistogram()
        histogram.add(microseconds: microseconds)
        #expect(histogram.counts.firstIndex(of: 1) == index)
        #expect(histogram.count == 1)
        #expect(histogram.totalMicroseconds == UInt64(microseconds))
    }

    @Test func `what is above a bound can be counted`() {
        var histogram = LagHistogram()
        for sample in [10, 100_000, 100_001, 2_000_000] { histogram.add(microseconds: sample) }
        #expect(histogram.count(aboveMicroseconds: 100_000) == 2)
        #expect(histogram.count(aboveMicroseconds: 1_000_000) == 1)
    }

    @Test func `sums count everything`() {
        var one = LagHistogram()
        one.add(microseconds: 7)
        one.add(microseconds: 70_000)
        var total = one
        total += one
        #expect(total.count == 4 && total.totalMicroseconds == 140_014)
    }
}
