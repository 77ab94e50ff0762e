import PacketPrimitives
import Testing

@testable import TunnelCore

@Suite struct PeerWindowWatchTests {
    /// Notes every 10 ms what is so in turns: kept back for `blocked` of every 100 ms, and for the rest not.
    private static func run(
        _ watch: inout PeerWindowWatch, blocked: Int, from start: Int, milliseconds: Int, hasBacklog: Bool = true
    ) {
        for time in stride(from: start, to: start + milliseconds, by: 10) {
            watch.note(
                hasBacklog: hasBacklog, isBlocked: hasBacklog && time % 100 < blocked, roundTrip: 50_000,
                now: Instant(milliseconds: UInt64(time)))
        }
    }

    @Test func `a window that stops the sender for half of the time is binding`() {
        var watch = PeerWindowWatch()
        Self.run(&watch, blocked: 50, from: 0, milliseconds: 2900)
        #expect(!watch.isBinding, "too early to say")
        Self.run(&watch, blocked: 50, from: 2900, milliseconds: 200)
        #expect(watch.isBinding)
    }

    @Test func `a second of bad luck says nothing`() {
        var watch = PeerWindowWatch()
        for second in 0..<8 {
            Self.run(&watch, blocked: second % 2 == 0 ? 90 : 20, from: second * 1000, milliseconds: 1000)
        }
        #expect(!watch.isBinding)
    }

    @Test(arguments: [0, 20]) func `one that stops it now and then is not`(blocked: Int) {
        var watch = PeerWindowWatch()
        Self.run(&watch, blocked: blocked, from: 0, milliseconds: 5000)
        #expect(!watch.isBinding)
    }

    @Test func `without anything to send nothing is known`() {
        var watch = PeerWindowWatch()
        Self.run(&watch, blocked: 100, from: 0, milliseconds: 5000, hasBacklog: false)
        #expect(!watch.isBinding)
    }

    @Test func `it counts for half a minute, and is then looked at again`() {
        var watch = PeerWindowWatch()
        Self.run(&watch, blocked: 50, from: 0, milliseconds: 3100)
        Self.run(&watch, blocked: 0, from: 3100, milliseconds: 29_000)
        #expect(watch.isBinding, "what is done about it may be why it does not bind")
        Self.run(&watch, blocked: 0, from: 32_100, milliseconds: 3000)
        #expect(!watch.isBinding)
    }
}
