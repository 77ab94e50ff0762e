import Testing

@testable import RateControl

@Suite struct QueueGovernorTests {
    @Test func `a standing queue takes something off the rate every round, and an empty one gives it back`() {
        var governor = QueueGovernor()
        _ = governor.endRound(queueing: 15, target: 10)
        #expect(abs(governor.factor - 0.9) < 1e-9)
        _ = governor.endRound(queueing: 25, target: 10)
        #expect(abs(governor.factor - 0.765) < 1e-9)
        for _ in 0..<10 { _ = governor.endRound(queueing: 0, target: 10) }
        #expect(governor.factor == 1)
    }

    @Test func `between half the target and the target nothing changes`() {
        var governor = QueueGovernor()
        governor.brake()
        _ = governor.endRound(queueing: 7, target: 10)
        #expect(abs(governor.factor - 0.9) < 1e-9)
    }

    @Test func `two rounds of a long queue mean that the delivered rate is all there is, once`() {
        var governor = QueueGovernor()
        let verdicts = [30, 30, 30, 5, 30, 30].map { governor.endRound(queueing: $0, target: 10) }
        #expect(verdicts == [.nothing, .believeDelivered, .nothing, .nothing, .nothing, .believeDelivered])
    }

    @Test func `it leaves something`() {
        var governor = QueueGovernor()
        for _ in 0..<50 { _ = governor.endRound(queueing: 1000, target: 10) }
        #expect(governor.factor == 0.3)
    }
}
