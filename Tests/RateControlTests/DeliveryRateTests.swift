import PacketPrimitives
import Testing

@testable import RateControl

@Suite struct DeliveryRateTests {
    private func time(_ milliseconds: UInt64) -> Instant { Instant(milliseconds: milliseconds) }

    @Test func `a steady flow is measured at its rate`() throws {
        var delivery = DeliveryRate(now: self.time(0))
        var stamps: [SendStamp] = []
        var last: DeliveryRate.Sample?
        for index in 0..<200 {
            let now = self.time(UInt64(index))
            // A round trip of 50 ms, a datagram every millisecond.
            if index >= 50 { delivery.deliver(stamps[index - 50], byteCount: 1000, now: now) }
            last = delivery.takeSample(minimumInterval: 40_000) ?? last
            stamps.append(delivery.stamp(now: now, isFirst: index == 0))
        }
        let sample = try #require(last)
        #expect(abs(sample.rate - 1_000_000) < 50_000)
    }

    @Test func `acknowledgements that come in one batch do not look like a fast path`() throws {
        var delivery = DeliveryRate(now: self.time(0))
        let stamps = (0..<30).map { index in delivery.stamp(now: self.time(UInt64(index)), isFirst: index == 0) }
        for stamp in stamps { delivery.deliver(stamp, byteCount: 1000, now: self.time(80)) }
        let taken = delivery.takeSample(minimumInterval: 0)
        let sample = try #require(taken)
        // 30 kB in the 80 ms since the first left, not in no time.
        #expect(abs(sample.rate - 375_000) < 1000)
    }

    @Test func `a sample over a short time is none`() {
        var delivery = DeliveryRate(now: self.time(0))
        let stamp = delivery.stamp(now: self.time(0), isFirst: true)
        delivery.deliver(stamp, byteCount: 1000, now: self.time(10))
        let sample = delivery.takeSample(minimumInterval: 20_000)
        #expect(sample == nil)
    }

    @Test func `what left while there was nothing more to send says so, until it has arrived`() {
        var delivery = DeliveryRate(now: self.time(0))
        delivery.noteApplicationLimit(inFlight: 0)
        let limited = delivery.stamp(now: self.time(0), isFirst: true)
        delivery.deliver(limited, byteCount: 1000, now: self.time(10))
        let limitedSample = delivery.takeSample(minimumInterval: 0)
        #expect(limitedSample?.isApplicationLimited == true)
        let free = delivery.stamp(now: self.time(11), isFirst: true)
        delivery.deliver(free, byteCount: 1000, now: self.time(21))
        let freeSample = delivery.takeSample(minimumInterval: 0)
        #expect(freeSample?.isApplicationLimited == false)
    }

    @Test func `the maximum forgets after ten rounds`() {
        var maximum = WindowedMaximum()
        maximum.add(100)
        for _ in 0..<9 {
            maximum.startRound()
            maximum.add(10)
        }
        #expect(maximum.value == 100)
        maximum.startRound()
        #expect(maximum.value == 10)
    }
}
