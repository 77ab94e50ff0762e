import PacketPrimitives
import Testing

@testable import KCP

@Suite struct ExpectedHistoryTests {
    private static func time(_ milliseconds: Int) -> Instant {
        Instant(milliseconds: 1000).advanced(milliseconds: milliseconds)
    }

    /// While 100 was expected, what left until 200 ms came. It left itself at 250 ms, came, and then 180 was expected.
    private static func history(base: UInt32 = 0) -> ExpectedHistory {
        var history = ExpectedHistory()
        history.note(base &+ 100, end: Self.time(200), attempt: Self.time(250))
        history.note(base &+ 180, end: Self.time(320), attempt: nil)
        return history
    }

    @Test(arguments: [0, UInt32.max - 150]) func `a window counts from what was expected then`(base: UInt32) {
        let history = Self.history(base: base)
        #expect(!history.isBeyond(base &+ 163, window: 64, sent: Self.time(200)))
        #expect(history.isBeyond(base &+ 164, window: 64, sent: Self.time(200)))
        #expect(!history.isBeyond(base &+ 164, window: 64, sent: Self.time(310)), "it may have come after the other")
        #expect(history.isBeyond(base &+ 244, window: 64, sent: Self.time(310)))
    }

    @Test func `what left before the segment that had to come first came before it`() {
        let history = Self.history()
        #expect(history.isBeyond(164, window: 64, sent: Self.time(249)))
        #expect(!history.isBeyond(164, window: 64, sent: Self.time(250)))
    }

    @Test func `of what will be told later nothing is known`() {
        #expect(!Self.history().isBeyond(1000, window: 64, sent: Self.time(321)))
        #expect(!ExpectedHistory().isBeyond(1000, window: 64, sent: Self.time(0)))
    }

    @Test func `what is still expected counts too`() {
        var history = ExpectedHistory()
        history.note(100, end: Self.time(0), attempt: nil)
        history.note(100, end: Self.time(500), attempt: nil)
        #expect(history.isBeyond(200, window: 64, sent: Self.time(400)))
    }
}
