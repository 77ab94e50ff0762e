import NetworkSimulation
import PacketPrimitives
import Testing

@Suite struct PayloadMeterTests {
    private func meter(_ arrivals: [(milliseconds: Int, byteCount: Int)]) -> PayloadMeter {
        var meter = PayloadMeter(start: .start)
        for arrival in arrivals {
            meter.add(arrival.byteCount, now: .start.advanced(milliseconds: arrival.milliseconds))
        }
        return meter
    }

    @Test func `bytes fall into buckets of 50 ms`() {
        let meter = self.meter([(0, 1), (49, 2), (50, 4), (120, 8), (1000, 16)])
        #expect((0...2).map { meter[$0] } == [3, 4, 8])
        #expect(meter[20] == 16)
        #expect(meter[21] == 0)
        #expect(meter.byteCount(in: 1..<20) == 12)
        #expect(meter.byteCount(in: 20..<100) == 16)
    }

    @Test func `nothing does not count as something`() {
        let meter = self.meter([(0, 0), (30, 5)])
        #expect(meter.first == .start.advanced(milliseconds: 30))
    }

    @Test func `the longest silence counts to the end`() {
        let meter = self.meter([(30, 1), (40, 1), (340, 1), (350, 1)])
        #expect(meter.longestStallMicroseconds(until: .start.advanced(milliseconds: 400)) == 300_000)
        #expect(meter.longestStallMicroseconds(until: .start.advanced(milliseconds: 900)) == 550_000)
        #expect(self.meter([]).longestStallMicroseconds(until: .start) == nil)
    }
}
