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

    /// Another conversation with the same host may have all that the pacing lets out.
    @Test func `what asks for acknowledgements does not wait for the pacing`() throws {
        let path = PathController(datagramByteCount: 1378, now: Self.start)
        var sender = Self.sender(path)
        sender.write([UInt8](repeating: 1, count: 5000))
        sender.flush(now: Self.start)
        _ = sender.drainPackets(now: Self.start)
        let before = sender.mustSend
        let next = sender.nextTimeout
        let timeout = try #require(next)
        sender.handleTimeout(now: timeout)
        let after = sender.mustSend
        #expect(!before && after)
    }

    // MARK: A peer that acknowledges everything once, and many at a time

    /// Sends 30 segments at 0 ms, which arrive, and 20 at 60, 70 and 80 ms, tags and numbers 30 to 89.
    private static func flights(_ path: PathController) -> Conversation {
        let configuration = Configuration(
            mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
            sendWindow: 1024, receiveWindow: 1024)
        var sender = Conversation(id: 7, configuration: configuration, path: path, overheadByteCount: 28)
        for (milliseconds, count) in [(0, 30), (60, 20), (70, 20), (80, 20)] {
            sender.write([UInt8](repeating: 1, count: count * 1326))
            sender.flush(now: Self.after(milliseconds))
            _ = sender.drainPackets(now: Self.after(milliseconds))
            guard milliseconds == 0 else { continue }
            let arrival = Segment(.acknowledge, window: 1024, time: 29, number: 29, expected: 30)
            sender.holdPacket(arrival.bytes, now: Self.after(50))
        }
        return sender
    }

    /// One datagram.
    private static func list(_ numbers: [UInt32], expected: UInt32 = 0, window: UInt16) -> [UInt8] {
        numbers.flatMap { Segment(.acknowledge, window: window, time: $0, number: $0, expected: expected).bytes }
    }

    private static func numbers(sentBy sender: inout Conversation, at milliseconds: Int) -> [UInt32] {
        Segment.all(in: sender.drainPackets(now: Self.after(milliseconds))).map(\.header.number)
    }

    @Test func `a long run between two lists waits for the list that is missing, and what that lacks is sent again`() {
        let path = PathController(datagramByteCount: 1378, now: Self.start)
        var sender = Self.flights(path)
        sender.holdPacket(Self.list(Array(31...49), expected: 30, window: 1024), now: Self.after(115))
        sender.holdPacket(Self.list(Array(70...89), expected: 30, window: 1024), now: Self.after(135))
        #expect(Self.numbers(sentBy: &sender, at: 135) == [30])
        let late = Self.list((50...69).filter { $0 != 60 }, expected: 30, window: 1024)
        sender.holdPacket(late, isRecovered: true, now: Self.after(140))
        #expect(Self.numbers(sentBy: &sender, at: 140) == [60])
    }

    @Test func `with a window that is nearly full it waits no longer than parity takes`() {
        let path = PathController(datagramByteCount: 1378, now: Self.start)
        var sender = Self.flights(path)
        sender.holdPacket(Self.list(Array(31...49), expected: 30, window: 1024), now: Self.after(115))
        sender.holdPacket(Self.list(Array(70...88), expected: 30, window: 65), now: Self.after(135))
        #expect(Set(Self.numbers(sentBy: &sender, at: 135)) == [30])
        sender.holdPacket(Self.list([89], expected: 30, window: 65), now: Self.after(195))
        #expect(Set(Self.numbers(sentBy: &sender, at: 195)) == Set(50...69))
    }

    /// 20 segments, of which the first gets lost; the peer has room for `window`.
    private static func loss(window: UInt16) -> Conversation {
        let path = PathController(datagramByteCount: 1378, now: Self.start)
        var sender = Self.sender(path)
        for milliseconds in [0, 20] {
            sender.write([UInt8](repeating: 1, count: 10 * 1326))
            sender.flush(now: Self.after(milliseconds))
            _ = sender.drainPackets(now: Self.after(milliseconds))
        }
        sender.holdPacket(Self.list(Array(1...19), window: window), now: Self.after(60))
        return sender
    }

    @Test func `what a narrow window depends on is sent again several times, but not beside parity`() {
        var wide = Self.loss(window: 128)
        #expect(Self.numbers(sentBy: &wide, at: 60) == [0])
        var narrow = Self.loss(window: 40)
        #expect(Self.numbers(sentBy: &narrow, at: 60) == [0, 0])
        var protected = Self.loss(window: 40)
        protected.noteParity(isSent: true, repairGroup: nil)
        #expect(Self.numbers(sentBy: &protected, at: 60) == [0])
    }

    @Test func `what goes out twice leaves room for acknowledgements that come first`() {
        var sender = Self.loss(window: 40)
        var slab = PacketSlab(slotCount: 4)
        #expect(sender.pollPackets(into: &slab, limit: 1, now: Self.after(60)) == 1)
        var received: [UInt8] = []
        sender.handlePacket(Segment(.push, number: 0, payload: [1]).bytes, now: Self.after(60), received: &received)
        sender.flush(now: Self.after(60))
        let segments = Segment.all(in: sender.drainPackets(now: Self.after(60)))
        #expect(segments.map(\.header.command) == [Command.acknowledge.rawValue, Command.push.rawValue])
        #expect(segments.last?.header.number == 0)
    }

    /// What the application of the peer does not take keeps `una` where it is.
    @Test func `a probe does not ask for what has arrived`() throws {
        var sender = Self.loss(window: 20)
        _ = sender.drainPackets(now: Self.after(60))
        sender.holdPacket(Segment(.acknowledge, window: 20, time: 21, number: 0).bytes, now: Self.after(110))
        let (deadline, exemptCount) = (sender.probeDeadline, sender.control.exemptCount)
        let due = try #require(deadline)
        sender.handleTimeout(now: due)
        let (next, exemptAfter) = (sender.probeDeadline, sender.control.exemptCount)
        #expect(next == nil, "nothing is under way")
        #expect([exemptCount, exemptAfter] == [0, 0])
    }

    @Test func `on another path what was under way counts for neither`() throws {
        let (old, other) = (
            PathController(datagramByteCount: 1378, now: Self.start),
            PathController(datagramByteCount: 1378, now: Self.start)
        )
        var sender = Self.sender(old)
        sender.write([UInt8](repeating: 1, count: 10 * 1326))
        sender.flush(now: Self.start)
        _ = sender.drainPackets(now: Self.start)
        sender.changePath(to: other, now: Self.after(30))
        #expect([old.inFlightByteCount, other.inFlightByteCount, sender.inFlightByteCount] == [0, 0, 0])
        sender.write([UInt8](repeating: 1, count: 1000))
        sender.flush(now: Self.after(30))
        _ = sender.drainPackets(now: Self.after(30))
        #expect(other.inFlightByteCount == sender.inFlightByteCount && sender.inFlightByteCount > 1000)
        sender.holdPacket(Self.list(Array(0...8), window: 128), now: Self.after(40))
        #expect(other.roundTrip.minimum == nil, "these left for the other one")
        sender.holdPacket(Self.list([10], window: 128), now: Self.after(110))
        #expect(other.roundTrip.minimum == 80_000)
        #expect(Self.numbers(sentBy: &sender, at: 110) == [9])
        #expect(other.recentLoss.share ?? 0 == 0)
    }

    @Test func `a window that is full behind a hole is probed when no answer to what was sent again has come`() throws {
        var wide = Self.loss(window: 128)
        _ = wide.drainPackets(now: Self.after(60))
        var full = Self.loss(window: 20)
        full.write([UInt8](repeating: 1, count: 30 * 1326))
        full.flush(now: Self.after(60))
        _ = full.drainPackets(now: Self.after(60))
        let probes = [wide.probeDeadline, full.probeDeadline].map { $0?.milliseconds(since: Self.after(60)) ?? 0 }
        let roundTrip = full.control.path?.roundTrip
        let patience = try #require(roundTrip.map { Int($0.smoothed + $0.acknowledgementDelay) / 1000 })
        #expect(probes[0] > patience + 40)
        #expect(probes[1] == patience)
        full.handleTimeout(now: Self.after(60 + patience))
        #expect(Self.numbers(sentBy: &full, at: 60 + patience).first == 0)
    }
}
