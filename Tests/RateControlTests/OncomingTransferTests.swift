import PacketPrimitives
import Testing

@testable import RateControl

@Suite struct OncomingTransferTests {
    private static let start = Instant(milliseconds: 1000)

    /// So many bytes every ten milliseconds, for a second.
    private static func transfer(_ byteCount: Int, for milliseconds: Int = 1000) -> OncomingTransfer {
        var transfer = OncomingTransfer(now: Self.start)
        for time in stride(from: 10, through: milliseconds, by: 10) {
            transfer.note(byteCount, now: Self.start.advanced(microseconds: time * 1000))
        }
        return transfer
    }

    @Test func `what comes is a rate after a quarter of a second`() {
        #expect(!Self.transfer(2500, for: 240).isActive)
        #expect(Self.transfer(2500, for: 250).rate == 250_000)
        #expect(Self.transfer(2500).isActive)
    }

    @Test func `messages are no transfer`() { #expect(!Self.transfer(128).isActive) }

    @Test func `it ends when nothing comes any more`() {
        var transfer = Self.transfer(2500)
        transfer.note(0, now: Self.start.advanced(microseconds: 1_300_000))
        #expect(!transfer.isActive)
    }
}
