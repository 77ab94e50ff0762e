import PacketPrimitives
import RateControl
import Testing

@testable import KCP

/// A peer with a window of 40 segments. 20 have been sent at 0 and 20 ms, of which the first got lost, which shows at 60 ms.
@Suite struct ConversationPeerWindowTests {
    private static let start = Instant(milliseconds: 1000)
    private static let window: UInt16 = 40
    private static let segmentByteCount = 1326

    private let path = PathController(datagramByteCount: 1378, now: Self.start)

    private static func after(_ milliseconds: Int) -> Instant { Self.start.advanced(milliseconds: milliseconds) }

    private static func acknowledgements(_ tags: [(time: UInt32, number: UInt32)], expected: UInt32) -> [UInt8] {
        tags.flatMap {
            Segment(.acknowledge, window: Self.window, time: $0.time, number: $0.number, expected: expected).bytes
        }
    }

    private func sender() -> Conversation {
        let configuration = Configuration(
            mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
            sendWindow: 128, receiveWindow: 128)
        var sender = Conversation(id: 7, configuration: configuration, path: self.path, overheadByteCount: 28)
        for milliseconds in [0, 20] { _ = Self.send(10, by: &sender, at: milliseconds) }
        let told = (UInt32(1)...19).map { (time: $0, number: $0) }
        sender.holdPacket(Self.acknowledgements(told, expected: 0), now: Self.after(60))
        return sender
    }

    /// The numbers of what leaves.
    private static func send(_ count: Int, by sender: inout Conversation, at milliseconds: Int) -> [UInt32] {
        sender.write([UInt8](repeating: 1, count: count * Self.segmentByteCount))
        sender.flush(now: Self.after(milliseconds))
        return Segment.all(in: sender.drainPackets(now: Self.after(milliseconds))).map(\.header.number)
    }

    @Test func `what is sent again will have arrived before what follows it`() {
        var sender = self.sender()
        let before = sender.segmentRoom
        #expect(before == 20)
        #expect(Self.send(0, by: &sender, at: 60) == [0, 0])
        let after = sender.segmentRoom
        #expect(after == 40)
        #expect(Self.send(50, by: &sender, at: 80) == Array(20..<60))
    }

    @Test func `the send window stays a limit for all that is not acknowledged in order`() {
        var sender = self.sender()
        sender.update(
            Configuration(
                mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: 30, receiveWindow: 128))
        _ = Self.send(0, by: &sender, at: 60)
        #expect(Self.send(50, by: &sender, at: 80) == Array(20..<30))
    }

    /// The peer acknowledges all that its window had room for.
    private func lostAgain() -> Conversation {
        var sender = self.sender()
        _ = Self.send(0, by: &sender, at: 60)
        _ = Self.send(40, by: &sender, at: 80)
        // Two datagrams left in between.
        let told = (UInt32(20)...39).map { (time: $0 + 2, number: $0) }
        sender.holdPacket(Self.acknowledgements(told, expected: 0), now: Self.after(130))
        return sender
    }

    @Test func `what the peer had no room for is sent anew, and is no loss of the path`() {
        var sender = self.lostAgain()
        let inFlight = sender.inFlightByteCount
        #expect(inFlight == 0 && self.path.inFlightByteCount == 0)
        let lossBefore = self.path.recentLoss.share
        let numbers = Self.send(0, by: &sender, at: 130)
        #expect(Set(numbers) == Set([0] + (40..<60)))
        let first = numbers.prefix { $0 == 0 }
        #expect(first.count > 1 && first.count == numbers.count { $0 == 0 }, "copies of what everything waits for")
        #expect(numbers.count { $0 >= 40 } == 20, "once, like what has never been sent")
        #expect(self.path.recentLoss.share == lossBefore)
    }

    /// Nothing newer arrives that would show that it was lost again: the probe is taken, and then all that follows seems lost,
    /// or told of in a datagram that got lost. It went out three times each.
    @Test func `what the peer had no room for is recognized when what it waited for has come`() throws {
        var sender = self.sender()
        _ = Self.send(0, by: &sender, at: 60)
        _ = Self.send(40, by: &sender, at: 80)
        for milliseconds in stride(from: 110, through: 170, by: 20) {
            sender.holdPacket(Self.acknowledgements([(19, 19)], expected: 0), now: Self.after(milliseconds))
        }
        sender.handleTimeout(now: Self.after(180))
        let probe = Segment.all(in: sender.drainPackets(now: Self.after(180)))
        try #require(Set(probe.map(\.header.number)) == [0])
        var told = (UInt32(20)...39).map { (time: $0 + 2, number: $0) }
        told.append((time: probe[0].header.time, number: 0))
        sender.holdPacket(Self.acknowledgements(told, expected: 40), now: Self.after(230))
        #expect(Self.send(0, by: &sender, at: 230) == Array(40..<60), "once")
        #expect(self.path.recentLoss.share ?? 0 < 0.04, "one of 40, not 21")
    }

    /// The probe left just before it showed that what had been sent again was lost: what followed was taken for lost or
    /// untold bit by bit, 30 ms of it with each datagram of acknowledgements, and went out two or three times.
    @Test func `what left before a probe of what the peer waits for is withdrawn at once`() throws {
        var sender = self.sender()
        _ = Self.send(0, by: &sender, at: 60)
        _ = Self.send(40, by: &sender, at: 80)
        sender.handleTimeout(now: Self.after(180))
        let probe = Segment.all(in: sender.drainPackets(now: Self.after(180)))
        try #require(Set(probe.map(\.header.number)) == [0])
        let told = (UInt32(20)...30).map { (time: $0 + 2, number: $0) }
        sender.holdPacket(Self.acknowledgements(told, expected: 0), now: Self.after(190))
        let numbers = Self.send(0, by: &sender, at: 190)
        #expect(numbers.filter { $0 >= 40 } == Array(40..<60))
        #expect(self.path.recentLoss.share ?? 0 < 0.1, "two of 31")
    }

    @Test func `what has not been taken is not presumed to have arrived`() {
        var sender = self.lostAgain()
        let before = sender.segmentRoom
        _ = Self.send(0, by: &sender, at: 130)
        let after = sender.segmentRoom
        #expect([before, after] == [40 - 60, 40 - 20])
    }

    @Test func `a probe says nothing about what has been taken`() throws {
        var sender = self.sender()
        _ = Self.send(0, by: &sender, at: 60)
        _ = Self.send(40, by: &sender, at: 80)
        let deadline = sender.probeDeadline
        sender.handleTimeout(now: try #require(deadline))
        let inFlight = sender.inFlightByteCount
        sender.holdPacket(Self.acknowledgements([(19, 19)], expected: 0), now: Self.after(110))
        let inFlightAfter = sender.inFlightByteCount
        #expect(inFlight == inFlightAfter)
        #expect(Self.send(0, by: &sender, at: 110).allSatisfy { $0 == 0 })
    }

    @Test func `where datagrams overtake each other nothing is presumed of what has just left`() {
        var sender = self.sender()
        sender.control.detector.suspectReordering(sent: Self.start)
        sender.control.detector.confirmReordering(now: Self.after(60))
        _ = Self.send(0, by: &sender, at: 60)
        let soon = sender.segmentRoom
        // Something known already.
        sender.holdPacket(Self.acknowledgements([(19, 19)], expected: 0), now: Self.after(90))
        let later = sender.segmentRoom
        #expect([soon, later] == [20, 40])
    }

    @Test func `a copy that is not told of has mostly arrived all the same`() {
        var sender = self.sender()
        _ = Self.send(0, by: &sender, at: 60)
        _ = Self.send(10, by: &sender, at: 80)
        // Both copies of the first have arrived; of those before what is expected only the last of a list is told.
        let told = (UInt32(20)...29).map { (time: $0 + 2, number: $0) }
        sender.holdPacket(Self.acknowledgements(told, expected: 30), now: Self.after(130))
        let inFlight = sender.inFlightByteCount
        #expect(inFlight == 0 && self.path.inFlightByteCount == 0)
        #expect(self.path.recentLoss.share ?? 0 < 0.04, "one of 30")
    }
}
