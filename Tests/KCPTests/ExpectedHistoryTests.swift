import PacketPrimitives
import Testing

@testable import KCP

@Suite struct ExpectedHistoryTests {
    private static func time(_ milliseconds: Int) -> Instant {
        Instant(milliseconds: 1000).advanced(milliseconds: milliseconds)
    }

    /// 100 is expected from 0 to 300 ms, then 180.
    private static func history(base: UInt32 = 0) -> ExpectedHistory {
        var history = ExpectedHistory()
        for milliseconds in stride(from: 0, through: 300, by: 30) {
            history.note(base &+ 100, now: Self.time(milliseconds))
        }
        history.note(base &+ 180, now: Self.time(330))
        return history
    }

    @Test(arguments: [0, UInt32.max - 150]) func `a window counts from what was expected then`(base: UInt32) {
        let history = Self.history(base: base)
        #expect(!history.isBeyond(base &+ 163, window: 64, at: Self.time(200)))
        #expect(history.isBeyond(base &+ 164, window: 64, at: Self.time(200)))
        #expect(!history.isBeyond(base &+ 164, window: 64, at: Self.time(310)), "it may have come after the other")
        #expect(history.isBeyond(base &+ 244, window: 64, at: Self.time(310)))
    }

    @Test func `of what will be told later nothing is known`() {
        #expect(!Self.history().isBeyond(1000, window: 64, at: Self.time(331)))
        #expect(!ExpectedHistory().isBeyond(1000, window: 64, at: Self.time(0)))
    }

    @Test func `what is still expected counts too`() {
        var history = ExpectedHistory()
        history.note(100, now: Self.time(0))
        history.note(100, now: Self.time(500))
        #expect(history.isBeyond(200, window: 64, at: Self.time(400)))
    }
}
