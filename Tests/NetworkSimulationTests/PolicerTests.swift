import NetworkSimulation
import PacketPrimitives
import Testing

@Suite struct PolicerTests {
    private static func link(rate: Int, burst: Int, overhead: Int = 0) -> Link {
        let policer = Policer(bitsPerSecond: rate, burstByteCount: burst)
        return Link(conditions: LinkConditions(policer: policer, overheadByteCount: overhead), seed: 1)
    }

    @Test func `a burst passes, and then the rate`() {
        var link = Self.link(rate: 8_000_000, burst: 20_000)
        // 2 bytes come for each that passes: 1 s of them.
        link.sendSeries(2000, byteCount: 1000, interval: 500)
        let arrived = link.drain()
        #expect(arrived.prefix(20).map(\.tag) == Array(0..<20))
        #expect((1015...1025).contains(arrived.count))
        #expect(link.statistics[.policed] == UInt64(2000 - arrived.count))
    }

    @Test func `what passes is not delayed`() {
        var link = Self.link(rate: 8_000_000, burst: 3000)
        link.sendSeries(10, byteCount: 1000, interval: 100)
        #expect(link.drain().allSatisfy { $0.microseconds == $0.tag * 100 })
        #expect(link.queueingMicroseconds(now: .start) == 0)
    }

    @Test func `headers count`() {
        var link = Self.link(rate: 80_000, burst: 10_000, overhead: 100)
        link.sendSeries(10, byteCount: 1000, interval: 0)
        #expect(link.drain().count == 9)
    }

    @Test func `a changed policer begins anew`() {
        var link = Self.link(rate: 80_000, burst: 2000)
        link.sendSeries(5, byteCount: 1000, interval: 0)
        link.conditions.policer = nil
        link.sendSeries(5, byteCount: 1000, interval: 0)
        link.conditions.policer = Policer(bitsPerSecond: 80_000, burstByteCount: 3000)
        link.sendSeries(5, byteCount: 1000, interval: 0)
        #expect(link.drain().count == 2 + 5 + 3)
    }
}
