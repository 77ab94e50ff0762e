import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct NoticeLimiterTests {
    @Test func `examinations are paced`() {
        let limiter = NoticeLimiter()
        let allowed = (1...10).filter { limiter.allowsExamination(now: Instant(milliseconds: UInt64($0) * 50)) }
        #expect(allowed == [1, 3, 5, 7, 9])
    }

    @Test func `what has been said is remembered`() {
        let limiter = NoticeLimiter()
        #expect(limiter.note("a", now: Instant(milliseconds: 1)) == 0)
        #expect(limiter.note("a", now: Instant(milliseconds: 2)) == nil)
    }
}
