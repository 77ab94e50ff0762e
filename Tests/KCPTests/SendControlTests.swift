import PacketPrimitives
import RateControl
import Testing

@testable import KCP

/// A conversation whose sending a path controller directs.
@Suite struct SendControlTests {
    private static let start = Instant(milliseconds: 1000)
    private static let configuration = Configuration(
        mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false, sendWindow: 128,
        receiveWindow: 128)

    private static func after(_ milliseconds: Int) -> Instant { Self.start.advanced(milliseconds: milliseconds) }

    private static func sender(_ path: PathController) -> Conversation {
        Conversation(id: 7, configuration: Self.configuration, path: path, overheadByteCount: 28)
    }

    @Test func `an acknowledgement of what came in order gives a round trip and settles all before it`() {
        let path = PathController(datagramByteCount: 1378, now: Self.start)
        var sender = Self.sender(path)
        var receiver = Conversation(id: 7, configuration: Self.configuration)
        var received: [UInt8] = []
        sender.write([UInt8](repeating: 1, count: 10_000))
        sender.flush(now: Self.start)
        for packet in sender.drainPackets(now: Self.start) {
            receiver.handlePacket(packet, now: Self.after(25), received: &received)
        }
        let underWay = path.inFlightByteCount
        #expect(received.count == 10_000 && underWay > 10_000)
        receiver.flush(now: Self.after(25))
        for packet in receiver.drainPackets(now: Self.after(25)) { sender.holdPacket(packet, now: Self.after(50)) }
        #expect(path.roundTrip.minimum == 50_000)
        #expect(path.inFlightByteCount == 0)
        let (smoothed, minimum) = (sender.smoothedRoundTripMilliseconds, sender.minimumRoundTripMilliseconds)
        #expect(smoothed == 50 && minimum == 50)
    }

    @Test func `what was sent well before an arrival and has not arrived is sent again, with a tag of its own`() {
        let path = PathController(datagramByteCount: 1378, now: Self.start)
        var sender = Self.sender(path)
        sender.write([UInt8](repeating: 1, count: 1000))
        sender.flush(now: Self.start)
        let first = Segment.all(in: sender.drainPackets(now: Self.start))
        sender.write([UInt8](repeating: 2, count: 1000))
        sender.flush(now: Self.after(20))
        let second = Segment.all(in: sender.drainPackets(now: Self.after(20)))
        #expect(first.map(\.header.time) == [0] && second.map(\.header.time) == [1])
        sender.holdPacket(Segment(.acknowledge, time: 1, number: 1).bytes, now: Self.after(60))
        let again = Segment.all(in: sender.drainPackets(now: Self.after(60)))
        #expect(again.map(\.header.number) == [0] && again.map(\.header.time) == [2])
        let statistics = sender.statistics
        #expect(statistics.retransmittedSegments == 1 && statistics.retransmittedPayloadBytes == 1000)
        #expect(statistics.sentPayloadBytes == 2000)
    }

    /// A peer that says only how far it has got, so soon that it cannot be this that it speaks of.
    @Test func `nothing stays in flight when everything has arrived`() {
        let path = PathController(datagramByteCount: 1378, now: Self.start)
        var sender = Self.sender(path)
        for (number, answer) in [(UInt32(0), 50), (1, 101)] {
            sender.write([UInt8](repeating: 1, count: 1000))
            let sent = Self.after(Int(number) * 100)
            sender.flush(now: sent)
            _ = sender.drainPackets(now: sent)
            let acknowledgement = Segment(.acknowledge, time: 0, number: 0, expected: number + 1)
            sender.holdPacket(acknowledgement.bytes, now: Self.after(answer))
        }
        #expect(path.roundTrip.minimum == 50_000)
        #expect(path.inFlightByteCount == 0)
        let inFlight = sender.inFlightByteCount
        #expect(inFlight == 0)
    }

    @Test func `a peer that starts anew is noticed`() {
        let path = PathController(datagramByteCount: 1378, now: Self.start)
        var sender = Self.sender(path)
        for milliseconds in [0, 20] {
            sender.write([UInt8](repeating: 1, count: 1000))
            sender.flush(now: Self.after(milliseconds))
            _ = sender.drainPackets(now: Self.after(milliseconds))
            sender.holdPacket(
                Segment(.acknowledge, time: UInt32(milliseconds / 20), number: UInt32(milliseconds / 20), expected: 1)
                    .bytes,
                now: Self.after(milliseconds + 10))
        }
        let before = sender.isForgottenByPeer
        sender.write([UInt8](repeating: 1, count: 1000))
        sender.flush(now: Self.after(40))
        _ = sender.drainPackets(now: Self.after(40))
        sender.holdPacket(Segment(.acknowledge, time: 2, number: 2, expected: 0).bytes, now: Self.after(50))
        let after = sender.isForgottenByPeer
        #expect(!before && after)
    }
}
