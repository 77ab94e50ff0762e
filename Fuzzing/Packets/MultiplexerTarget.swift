import FuzzSupport
import PacketPrimitives
import Smux
import TestSupport

/// Frames, sensible or not, cut anywhere, while the application opens, writes, reads, ends and abandons streams. Streams
/// begin once and are silent behind their end, what we send keeps to our announcements and to the peer's window, and a
/// caller that respects `wantsInput` holds no more than was set and one burst.
final class MultiplexerTarget: FuzzTarget {
    static let name = "smux"
    static let maximumByteCount = 1024

    static func seeds() throws -> [[UInt8]] {
        struct File: Decodable {
            struct Transcript: Decodable { var version: Int?, events: [Event]? }
            struct Event: Decodable { var input: Hex? }
            var transcripts: [Transcript]
        }
        let recorded = try Vectors.load("smux_transcripts.json", as: File.self).transcripts.map { transcript in
            var seed = FuzzSeed([UInt8(transcript.version ?? 1) - 1])
            for bytes in (transcript.events ?? []).compactMap(\.input?.bytes) where !bytes.isEmpty {
                seed.append(MultiplexerRun.Operation.bytes.rawValue)
                seed.append(chunk: bytes)
            }
            return Array(seed.bytes.prefix(Self.maximumByteCount))
        }
        return recorded + (0..<8).map { FuzzSeed.pattern(240, step: 29 + 2 * $0) }
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        var run = try MultiplexerRun(&input)
        while !input.isEmpty { try run.step(&input) }
    }
}

private struct MultiplexerRun: ~Copyable {
    fileprivate enum Operation: UInt8, CaseIterable {
        case frame, bytes, open, announce, finish, stopReading, abandon, consume, poll, time
    }

    private static let streamLimit = 6
    private static let receiveLimit = 4096
    private static let frameLimit = 512

    private var multiplexer: Multiplexer
    private let application: StreamLedger
    private var now = Instant(milliseconds: 0)
    private let version: UInt8

    init(_ input: inout FuzzInput) throws(BrokenPromise) {
        let flags = input.byte()
        self.version = 1 + flags & 1
        do {
            let configuration = try Smux.Configuration(
                version: Int(self.version), maximumFrameByteCount: Self.frameLimit,
                receiveBufferByteCount: Self.receiveLimit, streamBufferByteCount: 2048,
                maximumStreamCount: Self.streamLimit)
            self.multiplexer = Multiplexer(
                role: flags & 2 == 0 ? .server : .client, configuration: configuration, now: self.now)
        } catch { throw BrokenPromise("the configuration is valid: \(error)") }
        self.application = StreamLedger()
    }

    mutating func step(_ input: inout FuzzInput) throws(BrokenPromise) {
        let operation = input.element(of: Operation.allCases)
        switch operation {
        case .frame: try self.receive(self.frame(&input))
        case .bytes: try self.receive(input.chunk())
        case .poll: try self.poll(&input)
        case .time:
            self.now = self.now.advanced(milliseconds: 100 * Int(input.byte()))
            _ = self.multiplexer.handleTimeout(now: self.now)
        default: self.act(operation, &input)
        }
        if let failure = self.application.failure { throw BrokenPromise(failure) }
        let limit = Self.streamLimit + Int(self.multiplexer.statistics.openedStreamCount)
        try promise(self.multiplexer.streamCount <= limit, "\(self.multiplexer.streamCount) streams")
    }

    private mutating func act(_ operation: Operation, _ input: inout FuzzInput) {
        guard operation != .open else {
            if let id = self.multiplexer.openStream() { self.application.open(id) }
            return
        }
        let id = StreamID(rawValue: UInt32(input.byte() % 16))
        switch operation {
        case .announce where self.application.canAnnounce(id):
            let byteCount = 4 * Int(input.byte())
            self.application.announce(id, byteCount: byteCount)
            self.multiplexer.announce(id, byteCount: byteCount)
        case .finish:
            self.application.finish(id)
            self.multiplexer.finish(id)
        case .stopReading:
            self.application.stopReading(id)
            self.multiplexer.stopReading(id)
        case .abandon:
            self.application.abandon(id)
            self.multiplexer.abandon(id)
        case .consume:
            let byteCount = self.application.consume(id, atMost: 16 * Int(input.byte()))
            self.multiplexer.consumed(id, byteCount: byteCount)
        default: break
        }
    }

    /// As a session does it: only while there is room.
    private mutating func receive(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard self.multiplexer.wantsInput else { return }
        let half = bytes.count / 2
        for piece in [bytes[..<half], bytes[half...]] {
            _ = self.multiplexer.handleBytes(Array(piece).span.bytes, now: self.now, sink: self.application)
        }
        try promise(
            self.application.heldByteCount <= Self.receiveLimit + bytes.count,
            "\(self.application.heldByteCount) bytes are held")
    }

    private func frame(_ input: inout FuzzInput) -> [UInt8] {
        let command = input.byte()
        let id = StreamID(rawValue: command >= 0xF0 ? 0x5357_4B00 | UInt32(input.byte()) : UInt32(input.byte() % 16))
        var seed = FuzzSeed()
        if command % 5 == Frame.Command.windowUpdate.rawValue {
            seed.append(word: command & 32 == 0 ? UInt32(input.byte()) : input.word())
            seed.append(word: command & 64 == 0 ? UInt32(input.byte()) : input.word())
        } else if command % 5 == Frame.Command.push.rawValue {
            seed.append(contentsOf: [UInt8](repeating: command, count: 4 * Int(input.byte())))
        }
        var frame = Frame(version: self.version, command: .push, payloadByteCount: seed.bytes.count, stream: id)
        frame.commandByte = command % 5
        var header = FuzzSeed()
        header.append(word: UInt32(truncatingIfNeeded: frame.word))
        header.append(word: UInt32(truncatingIfNeeded: frame.word >> 32))
        return header.bytes + seed.bytes
    }

    private mutating func poll(_ input: inout FuzzInput) throws(BrokenPromise) {
        let limit = Multiplexer.minimumFrameLimit + 4 * Int(input.byte())
        var memory = [UInt8](repeating: 0xEE, count: limit)
        // Frames without payload, and some of a byte each.
        for _ in 0..<(4096 + self.application.announcedByteCount) {
            var span = memory.mutableSpan
            var bytes = span.mutableBytes
            let byteCount = self.multiplexer.pollFrame(
                into: &bytes, maximumByteCount: limit, source: self.application)
            guard let byteCount else { return }
            let frame = Frame(word: memory.span.bytes.littleEndian(at: 0))
            try promise(frame.version == self.version && frame.command != nil, "no frame of this version")
            try promise(
                Int(frame.payloadByteCount) == byteCount - Frame.headerByteCount && byteCount <= limit
                    && Int(frame.payloadByteCount) <= Self.frameLimit, "a frame of a wrong length")
        }
        throw BrokenPromise("the multiplexer sends without end")
    }
}
