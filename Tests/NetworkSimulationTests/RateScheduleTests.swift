import NetworkSimulation
import PacketPrimitives
import Testing

@Suite struct RateScheduleTests {
    private static let origin = Instant.start.microseconds

    private static func conditions(
        _ limit: LinkConditions.QueueLimit = .none, steps: [(milliseconds: UInt64, bitsPerSecond: Int)]
    ) -> LinkConditions {
        LinkConditions(
            rate: LinkConditions.Rate(
                bitsPerSecond: 8_000_000, queueLimit: limit,
                steps: steps.map {
                    RateStep(fromMicroseconds: Self.origin + $0.milliseconds * 1000, bitsPerSecond: $0.bitsPerSecond)
                }))
    }

    @Test func `what is sent after a step leaves at the new rate`() {
        let arrived = arrivals(Self.conditions(steps: [(20, 4_000_000)]), count: 8, byteCount: 1000, interval: 5000)
        #expect(arrived.map(\.microseconds) == [1, 6, 11, 16, 22, 27, 32, 37].map { $0 * 1000 })
    }

    @Test func `what waits during a step leaves at the new rate`() {
        // 10 ms at 8 Mbit/s take ten of the twenty; the rest takes 10 ms each.
        let arrived = arrivals(Self.conditions(steps: [(10, 800_000)]), count: 20, byteCount: 1000, interval: 0)
        #expect(arrived.map(\.microseconds) == (1...20).map { $0 <= 10 ? $0 * 1000 : 10_000 + ($0 - 10) * 10_000 })
    }

    @Test func `a datagram may leave across several steps`() {
        let steps: [(milliseconds: UInt64, bitsPerSecond: Int)] = [(1, 4_000_000), (2, 2_000_000), (3, 8_000_000)]
        // 1000 + 500 + 250 bytes until 3 ms, then 1000 a millisecond.
        let arrived = arrivals(Self.conditions(steps: steps), count: 1, byteCount: 2000, interval: 0)
        #expect(arrived.map(\.microseconds) == [3250])
    }

    @Test func `a buffer of bytes holds the same whatever the rate`() {
        var link = Link(conditions: Self.conditions(.bytes(10_000), steps: [(0, 800_000)]), seed: 1)
        link.sendSeries(50, byteCount: 1000, interval: 0)
        #expect(link.queueingMicroseconds(now: .start) == 100_000)
        #expect(link.drain().count == 10)
    }

    @Test func `bytes of a buffer that empties across a step are counted`() {
        var link = Link(conditions: Self.conditions(.bytes(10_000), steps: [(5, 800_000)]), seed: 1)
        link.sendSeries(10, byteCount: 1000, interval: 0)
        // 5 ms later half has left, and half of the buffer is free, though it will take 50 ms more to empty.
        let later = Instant.start.advanced(milliseconds: 5)
        #expect(link.queueingMicroseconds(now: later) == 50_000)
        let datagram = [UInt8](repeating: 0, count: 1000)
        for _ in 0..<10 { link.send(datagram.span.bytes, now: later) }
        #expect(link.statistics[.fullQueue] == 5)
    }
}
