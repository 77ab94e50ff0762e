import PacketPrimitives
import Testing

@testable import KCP

@Suite struct SparseTrafficTests {
    private static let start = Instant(milliseconds: 1000)

    private static func load(open: Int, queued: Int = 0, hasBacklog: Bool = false) -> SparseTraffic.Load {
        SparseTraffic.Load(
            openByteCount: open, queuedByteCount: queued, segmentByteCount: 1000, hasBacklog: hasBacklog)
    }

    @Test func `a little, with nothing behind it, is sparse`() {
        #expect(Self.load(open: 500, queued: 500).isSparse)
        #expect(!Self.load(open: 500, queued: 500, hasBacklog: true).isSparse)
        #expect(!Self.load(open: 20_000).isSparse)
        #expect(!Self.load(open: 3000, queued: 2500).isSparse)
    }

    @Test func `messages are favoured again a second after a transfer`() {
        var traffic = SparseTraffic()
        for millisecond in 0..<10_000 {
            let now = Self.start.advanced(milliseconds: millisecond)
            traffic.update(Self.load(open: 500_000, hasBacklog: true), pathRate: 10e6, now: now)
            traffic.spend(10_000)
        }
        traffic.update(Self.load(open: 500), pathRate: 0, now: Self.start.advanced(milliseconds: 11_000))
        #expect(traffic.isFavoured)
    }

    /// How many bytes sparse traffic may send in a second.
    private static func byteCount(pathRate: Double, isRateFixed: Bool = false) -> Int {
        var traffic = SparseTraffic()
        var byteCount = 0
        for millisecond in 0..<1000 {
            let now = Self.start.advanced(milliseconds: millisecond)
            traffic.update(Self.load(open: 500), pathRate: pathRate, isRateFixed: isRateFixed, now: now)
            guard traffic.isFavoured else { continue }
            traffic.spend(500)
            byteCount += 500
        }
        return byteCount
    }

    @Test func `what is sent out of turn has a rate of its own`() {
        #expect((74_000...78_000).contains(Self.byteCount(pathRate: 0)))
    }

    @Test func `but no more than the operator has set`() {
        #expect((21_000...23_500).contains(Self.byteCount(pathRate: 10_000, isRateFixed: true)))
        #expect((74_000...78_000).contains(Self.byteCount(pathRate: 100_000, isRateFixed: true)))
    }
}
