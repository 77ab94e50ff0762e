import Testing

@testable import RateControl

@Suite struct ForeignQueueTests {
    /// Rounds of 50 ms at half the rate, so that 25 ms are withheld in each; returns the round that gave up.
    private static func rounds(_ queue: ForeignQueue, queueing: (Int) -> Double, isHeldBack: Bool = true) -> Int? {
        var queue = queue
        return (1...20).first { round in
            queue.endRound(
                queueing: queueing(round), limit: 10_000, withheld: Int32(round * 25_000), isHeldBack: isHeldBack,
                bandwidth: 1e6) != nil
        }
    }

    @Test func `a queue that stays though its length was withheld is not ours`() {
        // 1.5 × 100 ms are withheld seven rounds after the first.
        #expect(Self.rounds(ForeignQueue()) { _ in 100_000 } == 8)
    }

    @Test func `others like us get six rounds to hold back too`() {
        // 1.5 × 40 ms are withheld three rounds after the first.
        #expect(Self.rounds(ForeignQueue()) { _ in 40_000 } == 6)
        #expect(Self.rounds(ForeignQueue()) { $0 < 6 ? 40_000 : 0 } == nil)
    }

    /// A flow that has filled the queue while it searched for its rate, and goes on with half of it.
    @Test func `what is left of a queue that has halved is judged by itself`() {
        // A quarter as long as before from round 4 on: six rounds later.
        #expect(Self.rounds(ForeignQueue()) { $0 < 4 ? 160_000 : 40_000 } == 9)
    }

    @Test func `the rate from before the queue is given back, however often it was corrected since`() {
        var queue = ForeignQueue()
        var before: [Double] = []
        for round in 1...10 {
            let bandwidth = 1e6 / Double(round)
            let result = queue.endRound(
                queueing: 40_000, limit: 10_000, withheld: Int32(round * 25_000), isHeldBack: true, bandwidth: bandwidth
            )
            if let result { before.append(result) }
            if round == 3 { queue.restart(withheld: Int32(round * 25_000)) }
        }
        #expect(before == [1e6])
    }

    @Test func `a queue that shrinks is ours`() {
        #expect(Self.rounds(ForeignQueue()) { max(0, 100_000 - Double($0) * 20_000) } == nil)
    }

    @Test func `nothing is concluded while little is withheld`() {
        #expect(Self.rounds(ForeignQueue(), queueing: { _ in 40_000 }, isHeldBack: false) == nil)
    }

    @Test func `it is forgotten when the queue has gone`() {
        var queue = ForeignQueue()
        queue.accept(40_000)
        for _ in 1...40 {
            _ = queue.endRound(queueing: 0, limit: 80_000, withheld: 0, isHeldBack: false, bandwidth: 1e6)
        }
        #expect(queue.value == 0)
    }
}
