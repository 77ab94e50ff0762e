import KCP
import PacketPrimitives
import RateControl
import Testing

/// Two conversations over a simulated link with a virtual clock.
struct Simulation: ~Copyable {
    struct Link {
        var lossRate = 0.0
        var duplicationRate = 0.0
        var delay: ClosedRange<Int> = 10...10
        /// How many packets one call to `pollPackets` may write.
        var pollLimit = Int.max
    }

    private struct Flight {
        var arrival: Int
        var isToSecond: Bool
        var packet: [UInt8]
    }

    var first: Conversation
    var second: Conversation
    let link: Link
    let random: SeededRandomSource
    private var flights: [Flight] = []
    /// Milliseconds.
    private(set) var now = 0
    var receivedByFirst: [UInt8] = []
    var receivedBySecond: [UInt8] = []
    /// Whether the second end's application takes payload.
    var secondReads = true
    /// The largest number of segments that either end had in flight.
    private(set) var largestFlight = 0
    private var slab = PacketSlab(slotCount: 8)

    /// - Parameter isControlled: each end has a path controller.
    init(_ configuration: Configuration, link: Link, seed: UInt64, isControlled: Bool = false) {
        func path() -> PathController? {
            isControlled ? PathController(datagramByteCount: configuration.mtu + 28, now: .init(milliseconds: 0)) : nil
        }
        self.first = Conversation(id: 99, configuration: configuration, path: path(), overheadByteCount: 28)
        self.second = Conversation(id: 99, configuration: configuration, path: path(), overheadByteCount: 28)
        self.link = link
        self.random = SeededRandomSource(seed: seed)
    }

    var instant: Instant { Instant(milliseconds: UInt64(self.now)) }

    mutating func send(_ packets: [[UInt8]], toSecond: Bool) {
        for packet in packets {
            for _ in 0..<(self.random.chance(self.link.duplicationRate) ? 2 : 1)
            where !self.random.chance(self.link.lossRate) {
                let arrival = self.now + self.random.number(in: self.link.delay)
                self.flights.append(Flight(arrival: arrival, isToSecond: toSecond, packet: packet))
            }
        }
    }

    /// One millisecond.
    mutating func step() {
        let arrived = self.flights.filter { $0.arrival <= self.now }
        self.flights.removeAll { $0.arrival <= self.now }
        let instant = self.instant
        for flight in arrived {
            if !flight.isToSecond {
                self.first.handlePacket(flight.packet, now: instant, received: &self.receivedByFirst)
            } else if self.secondReads {
                self.second.handlePacket(flight.packet, now: instant, received: &self.receivedBySecond)
            } else {
                self.second.holdPacket(flight.packet, now: instant)
            }
        }
        if self.secondReads { self.receivedBySecond += self.second.readSegments(now: instant).joined() }
        self.first.handleTimeout(now: instant)
        self.second.handleTimeout(now: instant)
        self.largestFlight = max(
            self.largestFlight, self.first.inFlightSegmentCount, self.second.inFlightSegmentCount)
        self.send(self.first.drainPackets(&self.slab, limit: self.link.pollLimit, now: instant), toSecond: true)
        self.send(self.second.drainPackets(&self.slab, limit: self.link.pollLimit, now: instant), toSecond: false)
        self.now += 1
    }

    /// Sends both texts in pieces, as room allows, and runs until all has arrived and both ends rest. Returns whether
    /// that happened in time.
    mutating func transfer(_ text: [UInt8], back: [UInt8], limitMilliseconds: Int) -> Bool {
        var rest = text[...]
        var restBack = back[...]
        let end = self.now + limitMilliseconds
        while self.now < end {
            let piece = self.random.number(in: 1...3000)
            let count = min(rest.count, self.first.writableByteCount, piece)
            if count > 0 {
                self.first.write([UInt8](rest.prefix(count)))
                self.first.flush(now: self.instant)
                rest = rest.dropFirst(count)
            }
            let countBack = min(restBack.count, self.second.writableByteCount, piece)
            if countBack > 0 {
                self.second.write([UInt8](restBack.prefix(countBack)))
                self.second.flush(now: self.instant)
                restBack = restBack.dropFirst(countBack)
            }
            self.step()
            if rest.isEmpty, restBack.isEmpty, self.isAtRest { return true }
        }
        return false
    }

    var isAtRest: Bool {
        self.flights.isEmpty && self.first.unacknowledgedByteCount == 0 && self.second.unacknowledgedByteCount == 0
            && self.first.nextTimeout == nil && self.second.nextTimeout == nil
    }
}

@Suite struct ConversationTests {
    enum Setting: String, CaseIterable { case normal, fast, fast2, fast3, manual, noFastResend, smallWindow }

    static func configuration(_ setting: Setting, initialNumber: UInt32 = 0) -> Configuration {
        let profile = Profile.named(setting.rawValue)
        return Configuration(
            mtu: 524, noDelay: profile?.noDelay ?? (setting == .noFastResend),
            intervalMilliseconds: profile?.intervalMilliseconds ?? 50,
            fastResend: profile?.fastResend ?? (setting == .smallWindow ? 2 : 0),
            congestionControl: setting == .manual, sendWindow: setting == .smallWindow ? 4 : 64,
            receiveWindow: setting == .smallWindow ? 3 : 128, initialSequenceNumber: initialNumber)
    }

    private static func link(seed: UInt64) -> Simulation.Link {
        let links = [
            Simulation.Link(),
            Simulation.Link(lossRate: 0.05, delay: 5...8),
            Simulation.Link(lossRate: 0.2, duplicationRate: 0.1, delay: 10...60),
            Simulation.Link(lossRate: 0.02, duplicationRate: 0.02, delay: 0...3, pollLimit: 1),
            Simulation.Link(lossRate: 0.35, delay: 30...35, pollLimit: 2),
        ]
        return links[Int(seed) % links.count]
    }

    /// All of two texts, one each way, arrives.
    private static func expectTransfer(_ simulation: inout Simulation, seed: UInt64) {
        let text = simulation.random.bytes(40_000)
        let back = simulation.random.bytes(15_000)
        let isDone = simulation.transfer(text, back: back, limitMilliseconds: 600_000)
        #expect(isDone, "seed \(seed)")
        #expect(simulation.receivedBySecond == text, "seed \(seed)")
        #expect(simulation.receivedByFirst == back, "seed \(seed)")
    }

    @Test(arguments: Setting.allCases, 1...50)
    func `all bytes arrive in order over any link`(setting: Setting, seed: UInt64) {
        let initialNumber: UInt32 = seed % 2 == 0 ? 0 : .max - UInt32(seed)
        let configuration = Self.configuration(setting, initialNumber: initialNumber)
        var simulation = Simulation(configuration, link: Self.link(seed: seed), seed: seed)
        Self.expectTransfer(&simulation, seed: seed)
        #expect(simulation.largestFlight <= configuration.sendWindow, "seed \(seed)")
    }

    /// After 2^32 transmissions the tags begin anew, too.
    @Test(arguments: 1...20) func `with a path controller they do so across the wrap of the tags`(seed: UInt64) {
        let configuration = Self.configuration(.fast3, initialNumber: .max - UInt32(seed))
        let link = Simulation.Link(lossRate: 0.1, duplicationRate: 0.05, delay: 10...30)
        var simulation = Simulation(configuration, link: link, seed: seed, isControlled: true)
        Self.expectTransfer(&simulation, seed: seed)
    }

    @Test func `without loss nothing is sent twice`() {
        var simulation = Simulation(Self.configuration(.fast3), link: .init(), seed: 1)
        let text = simulation.random.bytes(60_000)
        let isDone = simulation.transfer(text, back: [], limitMilliseconds: 60_000)
        #expect(isDone)
        #expect(simulation.first.statistics.retransmittedSegments == 0)
        #expect(simulation.second.statistics.repeatedSegments == 0)
        #expect(simulation.first.statistics.writtenBytes == 60_000)
        #expect(simulation.second.statistics.deliveredBytes == 60_000)
        #expect(simulation.first.statistics.sentPayloadBytes == 60_000)
        #expect(simulation.first.statistics.retransmittedPayloadBytes == 0)
        #expect(simulation.first.statistics.lostTransmissions == 0)
        #expect(simulation.second.statistics.lateSegments == 0)
        #expect(simulation.first.minimumRoundTripMilliseconds! >= 20)
    }

    @Test func `both ends estimate the loss`() {
        let link = Simulation.Link(lossRate: 0.1)
        var simulation = Simulation(Self.configuration(.fast3), link: link, seed: 11)
        let text = simulation.random.bytes(500_000)
        let isDone = simulation.transfer(text, back: [], limitMilliseconds: 120_000)
        #expect(isDone)
        let (sender, receiver) = (simulation.first.statistics, simulation.second.statistics)
        let transmissions = sender.sentSegments - sender.sentControlSegments
        let segments = transmissions - sender.retransmittedSegments
        // Each way a tenth is lost; a lost acknowledgement looks like a lost segment, unless a later one covers it.
        #expect((0.08...0.2).contains(Double(sender.lostTransmissions) / Double(transmissions)))
        #expect(sender.lostTransmissions <= sender.retransmittedSegments)
        #expect((0.07...0.13).contains(Double(receiver.lateSegments) / Double(segments)))
        #expect(sender.sentPayloadBytes == 500_000 && sender.retransmittedPayloadBytes > 0)
        #expect(receiver.sentControlSegments == receiver.sentSegments)
    }

    @Test(arguments: [0.0, 0.2])
    func `a reader that stops closes the window and opens it again`(lossRate: Double) {
        let configuration = Self.configuration(.smallWindow)
        var simulation = Simulation(configuration, link: .init(lossRate: lossRate), seed: 5)
        simulation.secondReads = false
        let text = simulation.random.bytes(20_000)
        let isDoneEarly = simulation.transfer(text, back: [], limitMilliseconds: 5_000)
        #expect(!isDoneEarly)
        #expect(simulation.second.readySegmentCount == configuration.receiveWindow)
        #expect(simulation.first.remoteWindowSegmentCount == 0)
        #expect(simulation.first.writableByteCount == 0)
        simulation.secondReads = true
        let rest = [UInt8](text[Int(simulation.first.statistics.writtenBytes)...])
        let isDone = simulation.transfer(rest, back: [], limitMilliseconds: 120_000)
        #expect(isDone)
        #expect(simulation.receivedBySecond == text)
    }

    @Test func `a dead link is noticed`() {
        var conversation = Conversation(id: 1, configuration: Self.configuration(.fast3))
        conversation.write([1])
        conversation.flush(now: Instant(milliseconds: 0))
        for now in UInt64(0)..<60_000 {
            conversation.handleTimeout(now: Instant(milliseconds: now))
            _ = conversation.drainPackets(now: Instant(milliseconds: now))
        }
        let isDead = conversation.isLinkDead
        #expect(isDead)
        var nothing: [UInt8] = []
        let answer = Segment(.acknowledge, conversation: 1, expected: 1).bytes
        conversation.handlePacket(answer, now: Instant(milliseconds: 60_000), received: &nothing)
        let isStillDead = conversation.isLinkDead
        #expect(!isStillDead)
    }

    @Test func `the room to write is what the window lets out`() {
        var conversation = Conversation(id: 7, configuration: Self.configuration(.fast3))
        // 32 segments are assumed until the peer has spoken (protocol 03 §2).
        #expect(conversation.writableByteCount == 32 * 500)
        conversation.write([UInt8](repeating: 0, count: 700))
        #expect(conversation.writableByteCount == 32 * 500 - 700)
        conversation.flush(now: Instant(milliseconds: 0))
        #expect(conversation.queuedByteCount == 0 && conversation.inFlightSegmentCount == 2)
        #expect(conversation.writableByteCount == 30 * 500)
        #expect(conversation.unacknowledgedByteCount == 700)
    }

    @Test func `a congestion window that has not begun lets something in`() {
        let conversation = Conversation(id: 7, configuration: Self.configuration(.manual))
        #expect(conversation.writableByteCount == 500)
    }
}
