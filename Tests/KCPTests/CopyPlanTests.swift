import PacketPrimitives
import Testing

@testable import KCP

@Suite struct CopyPlanTests {
    @Test func `there are no copies on a path without loss, or so short that a retransmission is as early`() {
        #expect(CopyPlan(loss: 0, minimumRoundTrip: 50_000) == .none)
        #expect(CopyPlan(loss: 0.1, minimumRoundTrip: 7000) == .none)
    }

    @Test(
        arguments: [
            (nil, 3, 2, 1), (0.01, 0, 1, 1), (0.05, 3, 3, 1), (0.3, 3, 3, 2),
        ] as [(Double?, Int, Int, Int)])
    func `more loss, more copies; the unknown is taken for some loss`(
        loss: Double?, bundled: Int, copies: Int, firm: Int
    ) {
        let plan = CopyPlan(loss: loss, minimumRoundTrip: nil)
        #expect(plan.bundledCount == bundled && plan.copyCount == copies && plan.firmCopyCount == firm)
    }

    @Test func `copies are due 4, 10 and 15 ms after the first`() {
        var queue = CopyQueue()
        let start = Instant(milliseconds: 1000)
        queue.schedule(7, plan: CopyPlan(loss: 0.05, minimumRoundTrip: 50_000), now: start)
        #expect(queue.deadline == start.advanced(milliseconds: 4))
        queue.release(now: start.advanced(milliseconds: 3))
        #expect(!queue.hasDue)
        queue.release(now: start.advanced(milliseconds: 4))
        let first = queue.nextDue()
        #expect(first?.number == 7 && first?.isOptional == false)
        for delay in [10, 15] {
            #expect(queue.deadline == start.advanced(milliseconds: delay))
            queue.release(now: start.advanced(milliseconds: delay))
            #expect(queue.nextDue()?.isOptional == true)
        }
        #expect(queue.deadline == nil && !queue.hasDue)
    }
}
