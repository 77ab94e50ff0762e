import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct JunkSourcesTests {
    private static let start = Instant(milliseconds: 1000)

    private static func source(_ number: Int) -> PeerAddress { .ipv4(0x0A00_0001, port: UInt16(number)) }

    @Test func `who sends much in a window is to be turned away`() {
        var sources = JunkSources()
        let results = (0..<JunkSources.leastCount).map {
            sources.note(1, from: Self.source(1), now: Self.start.advanced(milliseconds: $0 / 5))
        }
        #expect(results.firstIndex(of: true) == JunkSources.leastCount - 1)
    }

    @Test func `the next window begins at nothing`() {
        var sources = JunkSources()
        let next = Self.start.advanced(milliseconds: JunkSources.windowMilliseconds)
        let results = [
            sources.note(JunkSources.leastCount - 1, from: Self.source(1), now: Self.start),
            sources.note(JunkSources.leastCount - 1, from: Self.source(1), now: next),
            sources.note(1, from: Self.source(1), now: next),
        ]
        #expect(results == [false, false, true])
    }

    /// Each of them sends too little, however many there are, and none is taken for another.
    @Test func `forged addresses name nobody, and do not hide who floods`() {
        var sources = JunkSources()
        let forged = (1...20_000).map { sources.note(7, from: Self.source($0), now: Self.start) }
        #expect(!forged.contains(true))
        var loud: [Bool] = []
        for number in 1...1000 {
            loud.append(sources.note(40, from: Self.source(60_000), now: Self.start))
            loud.append(sources.note(1, from: Self.source(number), now: Self.start))
        }
        let named = loud.indices.filter { loud[$0] }
        #expect(!named.isEmpty && named.allSatisfy { $0.isMultiple(of: 2) })
    }

    @Test func `a source is turned away for a second`() {
        var sources = JunkSources()
        let news = [
            sources.turnAway(Self.source(1), now: Self.start),
            sources.turnAway(Self.source(1), now: Self.start.advanced(milliseconds: 1)),
            sources.turnAway(Self.source(2), now: Self.start.advanced(milliseconds: 400)),
        ]
        #expect(news == [true, false, true])
        #expect(sources.nextEnd == Self.start.advanced(milliseconds: 1000))
        sources.readmit(now: Self.start.advanced(milliseconds: 999))
        #expect(sources.turnedAwaySources == [Self.source(1), Self.source(2)])
        sources.readmit(now: Self.start.advanced(milliseconds: 1000))
        #expect(sources.turnedAwaySources == [Self.source(2)])
        sources.readmit(now: Self.start.advanced(milliseconds: 1400))
        #expect(sources.turnedAwaySources == [] && sources.nextEnd == nil)
    }

    @Test func `no more are turned away than the kernel can compare quickly`() {
        var sources = JunkSources()
        for number in 1...100 { _ = sources.turnAway(Self.source(number), now: Self.start) }
        #expect(sources.turnedAwaySources.count == JunkSources.capacity)
    }
}
