import Testing

@testable import RateControl

@Suite struct QueueGovernorTests {
    @Test func `a standing queue takes something off the rate every round, and an empty one gives it back`() {
        var governor = QueueGovernor()
        _ = governor.endRound(queueing: 15, target: 10, delivered: 1, isForeign: false)
        #expect(abs(governor.factor - 0.9) < 1e-9)
        _ = governor.endRound(queueing: 25, target: 10, delivered: 1, isForeign: false)
        #expect(abs(governor.factor - 0.765) < 1e-9)
        for _ in 0..<10 { _ = governor.endRound(queueing: 0, target: 10, delivered: 1, isForeign: false) }
        #expect(governor.factor == 1)
    }

    @Test func `between half the target and the target nothing changes`() {
        var governor = QueueGovernor()
        governor.brake()
        _ = governor.endRound(queueing: 7, target: 10, delivered: 1, isForeign: false)
        #expect(abs(governor.factor - 0.9) < 1e-9)
    }

    /// In which rounds what is delivered, half of what was sent or `delivered`, is believed.
    private static func corrections(
        _ queueing: [Double], delivered: Double = 0.5, isForeign: Bool = false
    ) -> [Int] {
        var governor = QueueGovernor()
        return queueing.enumerated().compactMap { round, queueing in
            let verdict = governor.endRound(
                queueing: queueing, target: 10, delivered: delivered * governor.factor, isForeign: isForeign)
            return verdict == .believeDelivered ? round + 1 : nil
        }
    }

    @Test func `two rounds of a queue in which less is delivered than sent mean that there is no more`() {
        #expect(Self.corrections([12, 12, 12, 12, 12]) == [2])
        #expect(Self.corrections([12, 5, 12, 5, 12]) == [])
        #expect(Self.corrections([12, 12, 5, 12, 12]) == [2, 5])
    }

    @Test func `two more rounds of a long one mean that it has become less since, once`() {
        #expect(Self.corrections([30, 30, 30, 30, 30, 30, 30]) == [2, 4])
        #expect(Self.corrections([30, 30, 30, 15, 30, 30, 30]) == [2, 6])
    }

    /// As where the queue is on the way back.
    @Test func `while all that is sent arrives only a long queue counts`() {
        #expect(Self.corrections([12, 12, 12, 12, 12], delivered: 1.1) == [])
        #expect(Self.corrections([30, 30, 30, 30, 30], delivered: 1.1) == [2, 4])
    }

    @Test func `beside others only a long queue counts, as they take what is left to them`() {
        #expect(Self.corrections([12, 12, 12, 12, 12], isForeign: true) == [])
        #expect(Self.corrections([30, 30, 30, 30, 30], isForeign: true) == [2, 4])
    }

    @Test func `it leaves something`() {
        var governor = QueueGovernor()
        for _ in 0..<50 { _ = governor.endRound(queueing: 1000, target: 10, delivered: 1, isForeign: false) }
        #expect(governor.factor == 0.3)
    }
}
