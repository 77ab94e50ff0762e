import PacketPrimitives
import Smux

/// An application that remembers everything that it is told, and has bytes to send.
final class RecordingApplication: StreamSink, StreamSource {
    var opened: [StreamID] = []
    var finished: [StreamID] = []
    var aborted: [StreamID] = []
    var introductions: [Capabilities] = []
    /// Everything received on each stream.
    var received: [StreamID: [UInt8]] = [:]
    /// Bytes that were received and are not consumed yet.
    var held: [StreamID: Int] = [:]
    /// Announced bytes that no frame has taken yet.
    var outgoing: [StreamID: ArraySlice<UInt8>] = [:]

    func streamOpened(_ id: StreamID) { self.opened.append(id) }

    func stream(_ id: StreamID, received bytes: RawSpan) {
        for offset in 0..<bytes.byteCount {
            self.received[id, default: []].append(bytes.littleEndian(at: offset))
        }
        self.held[id, default: 0] += bytes.byteCount
    }

    func streamFinished(_ id: StreamID) { self.finished.append(id) }

    func streamAborted(_ id: StreamID) {
        self.aborted.append(id)
        self.held[id] = nil
        self.outgoing[id] = nil
    }

    func peerIntroduced(capabilities: Capabilities) { self.introductions.append(capabilities) }

    func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {
        let bytes = Array(self.outgoing[id, default: []].prefix(payload.byteCount))
        payload.copyBytes(from: bytes.span.bytes)
        self.outgoing[id, default: []].removeFirst(bytes.count)
    }
}

/// A multiplexer with its application.
final class Endpoint {
    var multiplexer: Multiplexer
    let application = RecordingApplication()

    init(_ role: Role, configuration: Configuration, now: Instant = Instant(milliseconds: 0)) {
        self.multiplexer = Multiplexer(role: role, configuration: configuration, now: now)
    }

    convenience init(_ role: Role, version: Int, now: Instant = Instant(milliseconds: 0)) throws {
        self.init(role, configuration: try Configuration(version: version), now: now)
    }

    // `#expect` cannot look into a noncopyable value.
    var hasFrames: Bool { self.multiplexer.hasFrames }
    var wantsInput: Bool { self.multiplexer.wantsInput }
    var failure: ProtocolError? { self.multiplexer.failure }

    func open() throws -> StreamID {
        guard let id = self.multiplexer.openStream() else { throw EndpointError.noStream }
        return id
    }

    func write(_ bytes: [UInt8], to id: StreamID) {
        self.application.outgoing[id, default: []] += bytes
        self.multiplexer.announce(id, byteCount: bytes.count)
    }

    func write(_ text: String, to id: StreamID) { self.write(Array(text.utf8), to: id) }

    /// Consumes what is held of a stream, or `byteCount` of it.
    func consume(_ id: StreamID, byteCount: Int? = nil) {
        let byteCount = byteCount ?? self.application.held[id, default: 0]
        self.application.held[id, default: 0] -= byteCount
        self.multiplexer.consumed(id, byteCount: byteCount)
    }

    func abandon(_ id: StreamID) {
        self.multiplexer.abandon(id)
        self.application.held[id] = nil
        self.application.outgoing[id] = nil
    }

    @discardableResult
    func receive(_ bytes: some Sequence<UInt8>, now: Instant = Instant(milliseconds: 0)) -> InputResult {
        self.multiplexer.handleBytes(Array(bytes).span.bytes, now: now, sink: self.application)
    }

    /// The next frame, if there is one.
    func poll(maximumByteCount: Int = .max) -> [UInt8]? {
        var memory = [UInt8](repeating: 0xEE, count: Frame.headerByteCount + Frame.maximumPayloadByteCount)
        var span = memory.mutableSpan
        var bytes = span.mutableBytes
        let byteCount = self.multiplexer.pollFrame(
            into: &bytes, maximumByteCount: maximumByteCount, source: self.application)
        return byteCount.map { Array(memory.prefix($0)) }
    }

    /// All frames that can go now.
    func pollAll() -> [[UInt8]] {
        var frames: [[UInt8]] = []
        while let frame = self.poll() { frames.append(frame) }
        return frames
    }
}

enum EndpointError: Error { case noStream }

/// Bytes of a frame.
func frame(_ version: UInt8, _ command: Frame.Command, _ stream: UInt32, _ payload: [UInt8] = []) -> [UInt8] {
    let header = Frame(
        version: version, command: command, payloadByteCount: payload.count, stream: StreamID(rawValue: stream))
    return header.word.littleEndianBytes + payload
}

/// Bytes of a version 2 window update.
func windowUpdate(_ stream: UInt32, consumed: UInt32, window: UInt32) -> [UInt8] {
    frame(2, .windowUpdate, stream, (UInt64(window) << 32 | UInt64(consumed)).littleEndianBytes)
}

extension UInt64 {
    var littleEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) } }
}

extension [UInt8] {
    /// The header at the front of a frame.
    var header: Frame { Frame(word: (0..<8).reduce(0) { $0 | UInt64(self[$1]) << UInt64(8 * $1) }) }
}
