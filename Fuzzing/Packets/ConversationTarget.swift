import FuzzSupport
import KCP
import PacketPrimitives
import TestSupport

/// One conversation whose peer says whatever the input wants, while the application writes, reads, or does not read.
/// Segments are delivered in order and once, windows and memory keep to what was set, and no timer is due for ever.
final class ConversationTarget: FuzzTarget {
    static let name = "conversation"
    private var slab = PacketSlab(slotCount: 16)

    static func seeds() throws -> [[UInt8]] {
        struct File: Decodable {
            struct Transcript: Decodable { var endpoints: [Endpoint] }
            struct Endpoint: Decodable { var events: [Event] }
            struct Event: Decodable { var op: String, data: Hex? }
            var transcripts: [Transcript]
        }
        let transcripts = try Vectors.load("kcp_transcripts.json", as: File.self).transcripts
        return transcripts.flatMap(\.endpoints).map {
            Self.seed(of: $0.events.filter { $0.op == "input" }.compactMap(\.data))
        }
            + (0..<8).map { FuzzSeed.pattern(200, step: 37 + 2 * $0) }
    }

    /// Recorded packets, which belong to a conversation of their own, as ours.
    private static func seed(of packets: [Hex]) -> [UInt8] {
        var seed = FuzzSeed([0, 200, 31, 31, 0])
        for packet in packets {
            seed.append(Operation.packet.rawValue)
            seed.append(chunk: [1, 0, 0, 0] + packet.bytes.dropFirst(4))
        }
        return Array(seed.bytes.prefix(Self.maximumByteCount))
    }

    fileprivate enum Operation: UInt8, CaseIterable {
        case segment, packet, write, time, read, stopReading, timer, update
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        var run = ConversationRun(&input)
        while !input.isEmpty {
            try run.step(&input, slab: &self.slab)
            try run.conversation.checkLimits(largestReceiveWindow: run.largestReceiveWindow)
        }
    }
}

private struct ConversationRun: ~Copyable {
    var conversation: Conversation
    private(set) var largestReceiveWindow: Int
    private var now = Instant(milliseconds: 100_000)
    private var takes = true
    /// The number in the payload that was delivered last.
    private var delivered: UInt32
    private var isInOrder = true
    /// The payload of bytes from the input does not tell its number.
    private var hasRawPackets = false

    init(_ input: inout FuzzInput) {
        let configuration = KCP.Configuration(&input)
        self.delivered = configuration.initialSequenceNumber &- 1
        self.largestReceiveWindow = configuration.receiveWindow
        self.conversation = Conversation(fuzzing: configuration, hasPath: input.flag(), now: self.now)
    }

    mutating func step(_ input: inout FuzzInput, slab: inout PacketSlab) throws(BrokenPromise) {
        switch input.element(of: ConversationTarget.Operation.allCases) {
        case .segment: self.receive(self.segment(&input), isRecovered: input.byte() == 7)
        case .packet:
            self.hasRawPackets = true
            self.receive(input.chunk(), isRecovered: input.byte() == 7)
        case .write:
            self.conversation.write([UInt8](repeating: 1, count: 8 * Int(input.byte())).span.bytes)
            self.conversation.flush(now: self.now)
        case .time: self.now = self.now.advanced(milliseconds: Int(input.byte()) * Int(input.byte()))
        case .read:
            self.takes = true
            self.read()
        case .stopReading: self.takes = false
        case .timer: if let next = self.conversation.nextTimeout { self.now = max(self.now, next) }
        case .update: self.update(KCP.Configuration(&input))
        }
        try self.conversation.drain(through: &slab, now: self.now) { _ in }
        try self.conversation.handleDueTimers(through: &slab, now: self.now) { _ in }
        try promise(self.isInOrder || self.hasRawPackets, "segments were delivered out of order or twice")
    }

    /// The send window may shrink below what is in flight.
    private mutating func update(_ configuration: KCP.Configuration) {
        var configuration = configuration
        configuration.sendWindow = max(configuration.sendWindow, self.conversation.configuration.sendWindow)
        self.largestReceiveWindow = max(self.largestReceiveWindow, configuration.receiveWindow)
        self.conversation.update(configuration)
    }

    private mutating func receive(_ packet: [UInt8], isRecovered: Bool) {
        let takes = self.takes
        var (delivered, isInOrder) = (self.delivered, self.isInOrder)
        _ = self.conversation.handlePacket(packet.span.bytes, isRecovered: isRecovered, now: self.now) { payload in
            if takes { Self.note(payload, &delivered, &isInOrder) }
            return takes
        }
        (self.delivered, self.isInOrder) = (delivered, isInOrder)
    }

    private mutating func read() {
        var (delivered, isInOrder) = (self.delivered, self.isInOrder)
        self.conversation.read(now: self.now) { payload in
            Self.note(payload, &delivered, &isInOrder)
            return true
        }
        (self.delivered, self.isInOrder) = (delivered, isInOrder)
    }

    private static func note(_ payload: RawSpan, _ delivered: inout UInt32, _ isInOrder: inout Bool) {
        guard payload.byteCount >= 4 else { return }
        let number: UInt32 = payload.littleEndian(at: 0)
        if Int32(bitPattern: number &- delivered) <= 0 { isInOrder = false }
        delivered = number
    }

    /// A segment with numbers near those that mean something. Its payload begins with its number.
    private func segment(_ input: inout FuzzInput) -> [UInt8] {
        let sent = self.conversation.numberedSegmentCount &+ self.conversation.configuration.initialSequenceNumber
        let command = input.byte()
        let number = Self.number(&input, near: command & 1 == 0 ? self.delivered &+ 1 : sent)
        let payload = command & 3 == 0 ? Self.payload(number, byteCount: Int(input.byte())) : []
        var header = SegmentHeader(
            conversation: command == 0xFE ? 2 : 1, command: .push,
            window: [0, 1, 32, 65535][Int(command >> 2 & 3)], time: self.now.milliseconds &- UInt32(input.byte()),
            number: number, expected: Self.number(&input, near: sent), payloadByteCount: payload.count)
        header.command = 81 &+ command & 3
        var packet = [UInt8](repeating: 0, count: SegmentHeader.byteCount)
        var span = packet.mutableSpan
        var bytes = span.mutableBytes
        header.write(to: &bytes, at: 0)
        return packet + payload
    }

    /// Two bytes of the input: a small distance, or a power of two.
    private static func number(_ input: inout FuzzInput, near number: UInt32) -> UInt32 {
        let distance = input.byte()
        if distance < 0xE0 { return number &+ UInt32(distance) &- 0x20 }
        return number &+ 1 << UInt32(distance & 31)
    }

    private static func payload(_ number: UInt32, byteCount: Int) -> [UInt8] {
        guard byteCount > 0 else { return [] }
        var seed = FuzzSeed()
        seed.append(word: number)
        return seed.bytes + [UInt8](repeating: 0, count: byteCount)
    }
}
