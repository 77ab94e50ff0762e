import PacketPrimitives
import Testing

struct InstantTests {
    @Test func `the millisecond clock wraps at 32 bits`() {
        #expect(Instant(milliseconds: (1 << 32) + 5).milliseconds == 5)
        #expect(Instant(microseconds: 5_999).milliseconds == 5)
    }

    @Test func `time since a later moment is none`() {
        let early = Instant(milliseconds: 10)
        let late = Instant(milliseconds: 30)
        #expect(late.milliseconds(since: early) == 20)
        #expect(early.milliseconds(since: late) == 0)
    }

    @Test func `never is later than everything`() {
        let some = Instant(milliseconds: 1)
        #expect(Instant.earliest(nil, some) == some)
        #expect(Instant.earliest(some, nil) == some)
        #expect(Instant.earliest(nil, nil) == nil)
        #expect(Instant.earliest(some, some.advanced(milliseconds: 1)) == some)
    }
}
