import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct BulkWatchTests {
    private static func time(_ milliseconds: Int) -> Instant { Instant(milliseconds: UInt64(1000 + milliseconds)) }

    /// A stream that moves `byteCount` every 10 ms for a second.
    private static func watch(byteCount: Int, backlog: Int = 0) -> BulkWatch {
        var watch = BulkWatch()
        for step in 0..<100 { watch.note(byteCount: byteCount, backlog: backlog, now: Self.time(step * 10)) }
        return watch
    }

    @Test func `a stream that has never moved anything is not bulk`() {
        #expect(!BulkWatch().isBulk(now: Self.time(0)))
    }

    @Test(arguments: [(1000, false), (2000, true)])
    func `bulk is what moves more than 128 KiB in a second`(byteCount: Int, isBulk: Bool) {
        #expect(Self.watch(byteCount: byteCount).isBulk(now: Self.time(1000)) == isBulk)
    }

    @Test func `it is no longer bulk some time after it has fallen silent`() {
        let watch = Self.watch(byteCount: 10_000)
        #expect(watch.isBulk(now: Self.time(1500)))
        #expect(!watch.isBulk(now: Self.time(3100)))
    }

    @Test func `what cannot get rid of its bytes is bulk however slow it is`() {
        let watch = Self.watch(byteCount: 100, backlog: 40_000)
        #expect(watch.isBulk(now: Self.time(1000)) && watch.isBulk(now: Self.time(60_000)))
        var relieved = watch
        relieved.note(backlog: 1000)
        #expect(!relieved.isBulk(now: Self.time(3000)))
    }
}
