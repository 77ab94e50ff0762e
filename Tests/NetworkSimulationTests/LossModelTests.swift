import NetworkSimulation
import PacketPrimitives
import Testing

@Suite struct LossModelTests {
    private static let count = 100_000

    /// The share of a long series that this fault takes away.
    private static func lossShare(_ fault: LinkFault) -> Double {
        1 - Double(arrivals(LinkConditions(faults: [fault]), count: self.count).count) / Double(self.count)
    }

    @Test(arguments: [0, 0.01, 0.05, 0.3, 1]) func `chance takes the given share`(probability: Double) {
        #expect(abs(Self.lossShare(.loss(probability: probability)) - probability) < 0.005)
    }

    @Test(arguments: [(0.02, 1), (0.05, 4), (0.2, 10)] as [(Double, Double)])
    func `bursts take the given share and have the given length`(share: Double, meanLength: Double) {
        let fault = LinkFault.burstLoss(BurstLoss(loss: share, meanLength: meanLength))
        let tags = arrivals(LinkConditions(faults: [fault]), count: Self.count).map(\.tag)
        #expect(abs(1 - Double(tags.count) / Double(Self.count) - share) < 0.15 * share)
        let gaps = zip(tags, tags.dropFirst()).map { $1 - $0 - 1 }.filter { $0 > 0 }
        #expect(abs(Double(gaps.reduce(0, +)) / Double(gaps.count) - meanLength) < 0.1 * meanLength)
    }

    @Test func `a bad state may let some through, a good one may lose some`() {
        let model = BurstLoss(entering: 0.1, leaving: 0.1, lossWhenGood: 0.1, lossWhenBad: 0.5)
        #expect(abs(Self.lossShare(.burstLoss(model)) - 0.3) < 0.01)
    }

    @Test func `an outage takes everything between its start and its end`() {
        let start = Instant.start.microseconds
        let outage = LinkFault.outage(fromMicroseconds: start + 3000, untilMicroseconds: start + 6000)
        let arrived = arrivals(LinkConditions(faults: [outage]), count: 10)
        #expect(arrived.map(\.tag) == [0, 1, 2, 6, 7, 8, 9])
    }

    @Test func `duplicates arrive beside their originals`() {
        let arrived = arrivals(LinkConditions(faults: [.duplication(probability: 0.1)]), count: Self.count)
        let extra = Double(arrived.count - Self.count) / Double(Self.count)
        #expect(abs(extra - 0.1) < 0.005)
        #expect(Set(arrived.map(\.tag)).count == Self.count)
    }

    @Test func `corruption changes one bit of the given share`() {
        let arrived = arrivals(LinkConditions(faults: [.corruption(probability: 0.1)]), count: 10_000, byteCount: 20)
        let sent = arrivals(LinkConditions(), count: 10_000, byteCount: 20)
        let changes = zip(arrived, sent).map { arrived, sent in
            zip(arrived.bytes, sent.bytes).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
        }
        #expect(changes.allSatisfy { $0 <= 1 })
        #expect((900...1100).contains(changes.reduce(0, +)))
    }

    @Test func `truncation takes something from the end of the given share`() {
        let arrived = arrivals(LinkConditions(faults: [.truncation(probability: 0.1)]), count: 10_000, byteCount: 20)
        let sent = arrivals(LinkConditions(), count: 10_000, byteCount: 20)
        #expect(zip(arrived, sent).allSatisfy { $1.bytes.starts(with: $0.bytes) })
        let lengths = arrived.map(\.bytes.count).filter { $0 < 20 }
        #expect((900...1100).contains(lengths.count))
        #expect(Set(lengths) == Set(0..<20))
    }

    @Test func `late datagrams are overtaken`() {
        let late = LinkFault.lateness(probability: 0.1, delayMicroseconds: 2500)
        let arrived = arrivals(LinkConditions(faults: [late]), count: 10_000)
        let delays = arrived.map { $0.microseconds - $0.tag * 1000 }
        #expect(Set(delays) == [0, 2500])
        #expect((900...1100).contains(delays.filter { $0 > 0 }.count))
        #expect(arrived.map(\.tag) != arrived.map(\.tag).sorted())
    }

    @Test func `a fault decides the same whatever else goes wrong`() {
        let loss = LinkFault.loss(probability: 0.2)
        let outage = LinkFault.outage(fromMicroseconds: 0, untilMicroseconds: Instant.start.microseconds + 500_000)
        let alone = arrivals(LinkConditions(faults: [loss]), count: 1000).map(\.tag).filter { $0 >= 500 }
        #expect(arrivals(LinkConditions(faults: [outage, loss]), count: 1000).map(\.tag) == alone)
    }
}
