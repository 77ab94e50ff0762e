import KCP
import PacketPrimitives
import Testing

@testable import TunnelCore

struct PacerTests {
    /// A conversation that has measured the given round trip, with a window of 512 segments.
    private func withConversation(roundTrip: Int, _ body: (borrowing Conversation) -> Void) {
        let configuration = KCP.Configuration(
            mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
            sendWindow: 512, receiveWindow: 512, acknowledgeImmediately: true)
        var sender = Conversation(id: 1, configuration: configuration)
        var receiver = Conversation(id: 1, configuration: configuration)
        var slab = PacketSlab(slotCount: 4)
        let start = Instant(milliseconds: 1000)
        let end = start.advanced(milliseconds: roundTrip)
        sender.write(([1, 2, 3] as [UInt8]).span.bytes)
        sender.flush(now: start)
        _ = sender.pollPackets(into: &slab, limit: 4, now: start)
        _ = receiver.handlePacket(slab.bytes(at: 0), isRecovered: false, now: end) { _ in true }
        slab.removeAll()
        _ = receiver.pollPackets(into: &slab, limit: 4, now: end)
        _ = sender.handlePacket(slab.bytes(at: 0), isRecovered: false, now: end) { _ in true }
        #expect(sender.smoothedRoundTripMilliseconds == roundTrip)
        body(sender)
    }

    @Test(arguments: [5, 50, 500])
    func `a burst is a millisecond of the window's rate`(roundTrip: Int) {
        self.withConversation(roundTrip: roundTrip) { conversation in
            var pacer = Pacer()
            let limit = pacer.packetLimit(
                conversation, datagramByteCount: 1350, room: 1000, now: Instant(milliseconds: 5000))
            let perMillisecond = 512 * 5 / 4 / roundTrip
            #expect(limit >= max(perMillisecond, 2) && limit <= max(perMillisecond + 1, 2))
        }
    }

    @Test func `what is sent within a round trip is a window and a quarter`() {
        self.withConversation(roundTrip: 50) { conversation in
            var pacer = Pacer()
            var sent = 0
            for tick in 0..<50 {
                let now = Instant(milliseconds: UInt64(5000 + tick))
                let limit = pacer.packetLimit(conversation, datagramByteCount: 1350, room: 64, now: now)
                pacer.note(byteCount: limit * 1350, isHoldingBack: true)
                sent += limit
            }
            #expect(sent >= 512 && sent <= 512 * 5 / 4 + 16)
        }
    }

    @Test func `what waits is sent within a millisecond`() throws {
        var next: Instant?
        let now = Instant(milliseconds: 5000)
        self.withConversation(roundTrip: 50) { conversation in
            var pacer = Pacer()
            let limit = pacer.packetLimit(conversation, datagramByteCount: 1350, room: 64, now: now)
            pacer.note(byteCount: limit * 1350, isHoldingBack: true)
            next = pacer.nextBurst
        }
        let time = try #require(next)
        #expect(time > now && time <= now.advanced(milliseconds: 1))
    }

    @Test func `nothing is held back on a short path`() {
        self.withConversation(roundTrip: 4) { conversation in
            var pacer = Pacer()
            #expect(
                pacer.packetLimit(conversation, datagramByteCount: 1350, room: 64, now: Instant(milliseconds: 5000))
                    == 64)
            pacer.note(byteCount: 64 * 1350, isHoldingBack: true)
            #expect(pacer.nextBurst == nil)
        }
    }
}
