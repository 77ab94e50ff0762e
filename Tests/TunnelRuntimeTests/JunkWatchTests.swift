import Ciphers
import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct JunkWatchTests {
    private static let junk = OpenResult(failedChecksum: 3)

    private var watch = JunkWatch()

    private mutating func round(_ result: OpenResult, at milliseconds: UInt64) -> Bool {
        self.watch.note(result)
        return self.watch.endRound(now: Instant(milliseconds: 1000 + milliseconds))
    }

    @Test mutating func `nothing but junk, again and again, is let collect`() {
        let rests = [round(Self.junk, at: 0), round(Self.junk, at: 1), round(OpenResult(tooShort: 1), at: 2)]
        #expect(rests == [false, true, true])
    }

    @Test mutating func `a stray datagram, or one among others, changes nothing`() {
        let rests = [
            round(Self.junk, at: 0), round(Self.junk, at: 10), round(OpenResult(opened: 1, failedChecksum: 9), at: 11),
            round(Self.junk, at: 12), round(OpenResult(opened: 1), at: 13),
        ]
        #expect(rests == [false, false, false, false, false])
    }
}
