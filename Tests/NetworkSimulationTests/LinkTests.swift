import NetworkSimulation
import PacketPrimitives
import Testing

@Suite struct LinkTests {
    @Test func `a perfect link delivers at once, in order, unchanged`() {
        let arrived = arrivals(LinkConditions(), count: 50)
        #expect(arrived.map(\.tag) == Array(0..<50))
        #expect(arrived.allSatisfy { $0.microseconds == $0.tag * 1000 && Int($0.bytes[0]) == $0.tag })
    }

    @Test func `nothing arrives before its time`() {
        var link = Link(conditions: LinkConditions(delayMilliseconds: 30), seed: 1)
        link.send(([1, 2, 3] as [UInt8]).span.bytes, tag: 7, now: .start)
        let arrival = Instant.start.advanced(milliseconds: 30)
        #expect(link.nextDelivery == arrival)
        let early = link.poll(now: Instant(microseconds: arrival.microseconds - 1))
        #expect(early == nil)
        #expect(link.pendingCount == 1)
        let onTime = link.poll(now: arrival)
        #expect(onTime?.bytes == [1, 2, 3])
        #expect(onTime?.tag == 7)
        let again = link.poll(now: arrival)
        #expect(again == nil)
        #expect(link.nextDelivery == nil)
    }

    private static let roughConditions = LinkConditions(
        delayMilliseconds: 20, jitter: .reordering(maximumMicroseconds: 9000),
        rate: LinkConditions.Rate(bitsPerSecond: 1_000_000, queueLimit: .milliseconds(50)),
        faults: [
            .loss(probability: 0.05), .burstLoss(BurstLoss(loss: 0.05, meanLength: 4)),
            .duplication(probability: 0.03), .corruption(probability: 0.02),
            .lateness(probability: 0.02, delayMicroseconds: 50_000),
        ])

    @Test(arguments: 1...5 as ClosedRange<UInt64>) func `the same seed gives the same result`(seed: UInt64) {
        let first = arrivals(Self.roughConditions, seed: seed, count: 2000)
        #expect(first == arrivals(Self.roughConditions, seed: seed, count: 2000))
        #expect(first != arrivals(Self.roughConditions, seed: seed + 1, count: 2000))
    }

    @Test func `every datagram is delivered or counted as lost`() {
        var link = Link(conditions: Self.roughConditions, seed: 3)
        link.sendSeries(5000, byteCount: 150)
        let arrived = link.drain()
        let statistics = link.statistics
        #expect(statistics.sentDatagrams == 5000)
        #expect(statistics.sentBytes == 5000 * 150)
        #expect(statistics.deliveredDatagrams == UInt64(arrived.count))
        #expect(statistics.deliveredBytes == UInt64(arrived.count * 150))
        #expect(
            statistics.sentDatagrams + statistics.duplicatedDatagrams
                == statistics.deliveredDatagrams + statistics.lostDatagrams)
        #expect([.chance, .burst, .fullQueue].allSatisfy { statistics[$0] > 0 })
        #expect([.outage, .tooLong].allSatisfy { statistics[$0] == 0 })
    }

    @Test func `jitter in order keeps the order and the bounds`() {
        let jitter = LinkConditions.Jitter.inOrder(maximumMicroseconds: 5000)
        let arrived = arrivals(LinkConditions(delayMilliseconds: 10, jitter: jitter), count: 1000)
        #expect(arrived.map(\.tag) == Array(0..<1000))
        #expect(arrived.allSatisfy { (10_000...15_000).contains($0.microseconds - $0.tag * 1000) })
        #expect(Set(arrived.map { $0.microseconds - $0.tag * 1000 }).count > 100)
    }

    @Test func `reordering jitter breaks the order within the bounds`() {
        let jitter = LinkConditions.Jitter.reordering(maximumMicroseconds: 5000)
        let arrived = arrivals(LinkConditions(delayMilliseconds: 10, jitter: jitter), count: 1000)
        #expect(arrived.map(\.tag) != Array(0..<1000))
        #expect(arrived.map(\.tag).sorted() == Array(0..<1000))
        let extra = arrived.map { $0.microseconds - $0.tag * 1000 - 10_000 }
        #expect(extra.allSatisfy { (0...5000).contains($0) })
        #expect((2300...2700).contains(extra.reduce(0, +) / extra.count))
    }

    @Test(arguments: [8_000, 1_000_000, 20_000_000]) func `a bottleneck spaces datagrams by its rate`(rate: Int) {
        let conditions = LinkConditions(rate: LinkConditions.Rate(bitsPerSecond: rate))
        let arrived = arrivals(conditions, count: 100, byteCount: 1000, interval: 0)
        let expected = (1...100).map { ($0 * 8_000_000_000_000 / rate + 999) / 1000 }
        #expect(arrived.map(\.microseconds) == expected)
    }

    @Test func `an idle bottleneck saves nothing up`() {
        let conditions = LinkConditions(rate: LinkConditions.Rate(bitsPerSecond: 8_000_000))
        let arrived = arrivals(conditions, count: 5, byteCount: 1000, interval: 10_000)
        #expect(arrived.map(\.microseconds) == (0..<5).map { $0 * 10_000 + 1000 })
    }

    @Test(
        arguments: [(.bytes(10_000), 10), (.bytes(10_999), 10), (.milliseconds(10), 10), (.none, 100), (.bytes(0), 1)]
            as [(LinkConditions.QueueLimit, Int)])
    func `a queue takes what fits and drops the rest`(limit: LinkConditions.QueueLimit, expected: Int) {
        let rate = LinkConditions.Rate(bitsPerSecond: 8_000_000, queueLimit: limit)
        var link = Link(conditions: LinkConditions(rate: rate), seed: 1)
        link.sendSeries(100, byteCount: 1000, interval: 0)
        #expect(link.queueingMicroseconds(now: .start) == expected * 1000)
        #expect(link.drain().map(\.tag) == Array(0..<expected))
        #expect(link.statistics[.fullQueue] == UInt64(100 - expected))
    }

    @Test func `headers of the layers below take their time`() {
        let rate = LinkConditions.Rate(bitsPerSecond: 8_000_000, queueLimit: .bytes(5000))
        let conditions = LinkConditions(rate: rate, overheadByteCount: 28)
        let arrived = arrivals(conditions, count: 100, byteCount: 972, interval: 0)
        #expect(arrived.map(\.microseconds) == (1...5).map { $0 * 1000 })
    }

    @Test func `bytes that nobody sees take their time`() {
        let rate = LinkConditions.Rate(bitsPerSecond: 8_000_000)
        var link = Link(conditions: LinkConditions(rate: rate, maximumDatagramByteCount: 1000), seed: 1)
        let header = [UInt8](repeating: 7, count: 24)
        link.send(header.span.bytes, unseenByteCount: 976, tag: 1, now: .start)
        link.send(header.span.bytes, unseenByteCount: 977, tag: 2, now: .start)
        #expect(link.drain() == [Arrival(bytes: header, tag: 1, microseconds: 1000)])
        #expect(link.statistics.sentBytes == 2001)
        #expect(link.statistics.deliveredBytes == 1000)
        #expect(link.statistics[.tooLong] == 1)
    }

    @Test func `a link that is offered too much delivers its rate`() {
        let rate = LinkConditions.Rate(bitsPerSecond: 10_000_000, queueLimit: .bytes(50_000))
        let arrived = arrivals(LinkConditions(rate: rate), count: 20_000, byteCount: 1250, interval: 500)
        let seconds = Double(arrived.last!.microseconds) / 1e6
        #expect((9.9...10.04).contains(seconds))
        #expect((0.99...1.01).contains(Double(arrived.count) * 1250 * 8 / seconds / 10e6))
    }

    @Test func `too long datagrams are lost`() {
        var link = Link(conditions: LinkConditions(maximumDatagramByteCount: 100), seed: 1)
        link.sendSeries(3, byteCount: 100)
        link.sendSeries(2, byteCount: 101)
        #expect(link.drain().count == 3)
        #expect(link.statistics[.tooLong] == 2)
    }

    @Test func `an empty datagram passes`() {
        let conditions = LinkConditions(faults: [.corruption(probability: 1)])
        #expect(arrivals(conditions, count: 2, byteCount: 0).map(\.bytes) == [[], []])
    }

    @Test func `conditions change for what is sent from then on`() {
        var link = Link(conditions: LinkConditions(delayMilliseconds: 50), seed: 1)
        link.sendSeries(2, interval: 0)
        link.conditions = LinkConditions(delayMilliseconds: 10, faults: [.duplication(probability: 1)])
        link.sendSeries(1)
        #expect(link.drain().map(\.microseconds) == [10_000, 10_000, 50_000, 50_000])
    }
}
