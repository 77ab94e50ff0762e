import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct JunkWatchTests {
    /// Notes the same every millisecond, for as many windows.
    private static func feed(
        _ watch: inout JunkWatch, windows: Int = 2, from start: UInt64 = 0, useless: Int, useful: Int
    ) {
        for millisecond in 0...UInt64(windows * JunkWatch.windowMilliseconds) {
            watch.note(useless: useless, useful: useful, now: Instant(milliseconds: start + millisecond))
        }
    }

    @Test(arguments: [(50, 0, true), (50, 12, true), (50, 13, false), (4, 0, false), (6, 0, true), (0, 50, false)])
    func `much junk and little else is a flood`(useless: Int, useful: Int, isFlood: Bool) {
        var watch = JunkWatch()
        Self.feed(&watch, useless: useless, useful: useful)
        #expect(watch.isFlooded == isFlood)
    }

    @Test func `a burst is none before its window is over`() {
        var watch = JunkWatch()
        for _ in 0..<10 { watch.note(useless: 100, useful: 0, now: Instant(milliseconds: 7)) }
        #expect(!watch.isFlooded)
        watch.note(useless: 0, useful: 0, now: Instant(milliseconds: 17))
        #expect(watch.isFlooded)
    }

    @Test func `a flood ends with its junk, or when clients have the larger part`() {
        var watch = JunkWatch()
        Self.feed(&watch, useless: 50, useful: 0)
        Self.feed(&watch, from: 1000, useless: 0, useful: 0)
        #expect(!watch.isFlooded)
        Self.feed(&watch, from: 2000, useless: 50, useful: 0)
        Self.feed(&watch, from: 3000, useless: 50, useful: 100)
        #expect(!watch.isFlooded)
    }

    @Test func `clients among the junk wait less`() {
        var watch = JunkWatch()
        Self.feed(&watch, useless: 50, useful: 0)
        #expect(watch.pause == JunkWatch.pauseMicroseconds)
        watch.note(useless: 50, useful: 1, now: Instant(milliseconds: 21))
        #expect(watch.pause == JunkWatch.shortPauseMicroseconds)
        Self.feed(&watch, windows: 99, from: 30, useless: 50, useful: 0)
        #expect(watch.pause == JunkWatch.shortPauseMicroseconds)
        Self.feed(&watch, windows: 1, from: 1021, useless: 50, useful: 0)
        #expect(watch.pause == JunkWatch.pauseMicroseconds)
    }
}
