import PacketPrimitives
import Smux
import TunnelCore

/// The application at one end of a tunnel of a run: the client opens the streams of the pattern, the server finds out
/// what each is for, and both measure what they get.
final class PatternTraffic: SimulatedApplication {
    private final class Stream {
        /// Unknown to the server until the first byte has come.
        var purpose: StreamPurpose?
        /// Received and not taken yet.
        var unreadByteCount = 0
        /// The purpose byte that the client has not sent yet.
        var preface: UInt8?
        /// Of the unread bytes those that only say the purpose.
        var prefaceByteCount = 0

        init(_ purpose: StreamPurpose? = nil) {
            self.purpose = purpose
            self.preface = purpose?.rawValue
        }
    }

    private let purposes: [StreamPurpose]
    private let material: IncompressibleMaterial
    private var streams: [StreamID: Stream] = [:]
    private var changed: [StreamID] = []
    /// The client's stream of messages and when the next one is due.
    private var messageTimer: (stream: StreamID, next: Instant)?
    /// What came of endless data.
    private(set) var meter: PayloadMeter
    private(set) var messages = MessageLog()

    /// More than any run can carry, so that data never ends.
    private static let endlessByteCount = 1 << 40

    init(purposes: [StreamPurpose], material: IncompressibleMaterial, start: Instant) {
        self.purposes = purposes
        self.material = material
        self.meter = PayloadMeter(start: start)
    }

    // MARK: Being served

    func begin(on end: SimulatedEnd, now: Instant) {
        guard end.role == .client else { return }
        for purpose in self.purposes {
            let id = end.openStream()
            self.streams[id] = Stream(purpose)
            end.announce(id, byteCount: 1)
            switch purpose {
            case .download: break
            case .upload: end.announce(id, byteCount: Self.endlessByteCount)
            case .messages: self.messageTimer = (id, now)
            }
        }
    }

    var nextTimeout: Instant? { self.messageTimer?.next }

    func serve(on end: SimulatedEnd, now: Instant) {
        self.sendMessage(through: end, now: now)
        while let id = self.changed.popLast() {
            guard let stream = self.streams[id], stream.unreadByteCount > 0 else { continue }
            let count = stream.unreadByteCount
            let payloadCount = count - stream.prefaceByteCount
            stream.unreadByteCount = 0
            stream.prefaceByteCount = 0
            end.consumed(id, byteCount: count, now: now)
            self.take(payloadCount, of: id, stream.purpose, through: end, now: now)
        }
    }

    private func sendMessage(through end: SimulatedEnd, now: Instant) {
        guard let timer = self.messageTimer, timer.next <= now else { return }
        end.announce(timer.stream, byteCount: TrafficPattern.messageByteCount)
        self.messages.send(now: now)
        self.messageTimer = (timer.stream, timer.next.advanced(microseconds: TrafficPattern.messageMicroseconds))
    }

    private func take(
        _ byteCount: Int, of id: StreamID, _ purpose: StreamPurpose?, through end: SimulatedEnd, now: Instant
    ) {
        switch (purpose, end.role) {
        case (.messages, .client): self.messages.receive(byteCount, now: now)
        case (.messages, .server): end.announce(id, byteCount: byteCount)
        case (.upload, .server), (.download, .client): self.meter.add(byteCount, now: now)
        // The request: one byte.
        case (.download, .server): end.announce(id, byteCount: Self.endlessByteCount)
        case (.upload, .client), (nil, _): break
        }
    }

    // MARK: Streams

    func streamOpened(_ id: StreamID) { self.streams[id] = Stream() }

    func stream(_ id: StreamID, received bytes: RawSpan) {
        guard let stream = self.streams[id], bytes.byteCount > 0 else { return }
        if stream.purpose == nil {
            stream.purpose = StreamPurpose(rawValue: bytes.littleEndian(at: 0))
            stream.prefaceByteCount = 1
        }
        if stream.unreadByteCount == 0 { self.changed.append(id) }
        stream.unreadByteCount += bytes.byteCount
    }

    func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {
        self.material.fill(&payload)
        guard let stream = self.streams[id], let preface = stream.preface.take() else { return }
        payload.storeLittleEndian(preface, at: 0)
    }
}

/// Bytes that no compression shortens, made once.
final class IncompressibleMaterial {
    private let bytes: [UInt8]
    private var offset = 0

    private static let byteCount = 256 * 1024

    init(seed: UInt64) {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        var span = bytes.mutableSpan
        var raw = unsafe span.mutableBytes
        SeededRandomSource(seed: seed).fill(&raw)
        self.bytes = bytes
    }

    func fill(_ payload: inout MutableRawSpan) {
        precondition(payload.byteCount <= Self.byteCount, "no frame is that long")
        if self.offset + payload.byteCount > Self.byteCount { self.offset = 0 }
        let bytes = self.bytes
        let source = unsafe bytes.span.bytes
        payload.copyBytes(from: source.extracting(self.offset..<(self.offset + payload.byteCount)))
        self.offset += payload.byteCount
    }
}
