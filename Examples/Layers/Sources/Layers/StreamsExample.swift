import PacketPrimitives
import Smux
import SnappyFraming

/// Two streams on one connection, which is compressed. The connection is a function call here; in a program it is
/// whatever carries bytes in order.
enum StreamsExample {
    static func run() throws -> Bool {
        let now = Instant(milliseconds: 0)
        let configuration = try Configuration()
        var sending = Multiplexer(role: .client, configuration: configuration, now: now)
        var receiving = Multiplexer(role: .server, configuration: configuration, now: now)
        let (source, sink) = (Outbox(), Inbox())
        for text in [String(repeating: "to and fro ", count: 500), "a short one"] {
            guard let stream = sending.openStream() else { return false }
            source.waiting[stream] = Array(text.utf8)[...]
            sending.announce(stream, byteCount: text.utf8.count)
            sending.finish(stream)
        }
        let byteCount = try Self.transfer(from: &sending, source, to: &receiving, sink, now: now)
        let areDelivered = sink.received.values.map(\.count).sorted() == [11, 5500] && sink.finishedCount == 2
        print("streams: 5511 bytes of 2 streams \(areDelivered ? "arrived" : "are LOST") in \(byteCount) on the wire")
        return areDelivered
    }

    /// Moves all frames across; returns how many bytes that took.
    private static func transfer(
        from sending: inout Multiplexer, _ source: Outbox, to receiving: inout Multiplexer, _ sink: Inbox, now: Instant
    ) throws -> Int {
        var encoder = FrameEncoder()
        var decoder = FrameDecoder()
        var frame = [UInt8](repeating: 0, count: Frame.headerByteCount + 8192)
        var wireByteCount = 0
        while let length = Self.nextFrame(of: &sending, source, into: &frame) {
            var wire: [UInt8] = []
            encoder.encode(frame.span.bytes.extracting(first: length)) { piece in
                piece.withUnsafeBytes { wire.append(contentsOf: $0) }
            }
            wireByteCount += wire.count
            if case .failed(let error) = decoder.handleBytes(
                wire.span.bytes, deliver: { _ = receiving.handleBytes($0, now: now, sink: sink) })
            {
                throw error
            }
        }
        return wireByteCount
    }

    /// Puts the next frame at the front of `frame`; returns its length.
    private static func nextFrame(
        of multiplexer: inout Multiplexer, _ source: Outbox, into frame: inout [UInt8]
    ) -> Int? {
        var span = frame.mutableSpan
        var bytes = span.mutableBytes
        return multiplexer.pollFrame(into: &bytes, maximumByteCount: bytes.byteCount, source: source)
    }
}

/// What the sender's streams still have to send.
private final class Outbox: StreamSource {
    var waiting: [StreamID: ArraySlice<UInt8>] = [:]

    func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {
        for offset in 0..<payload.byteCount {
            payload.storeBytes(of: self.waiting[id]?.popFirst() ?? 0, toByteOffset: offset, as: UInt8.self)
        }
    }
}

/// What the receiver's streams have got.
private final class Inbox: StreamSink {
    private(set) var received: [StreamID: [UInt8]] = [:]
    private(set) var finishedCount = 0

    func streamOpened(_ id: StreamID) { self.received[id] = [] }
    func stream(_ id: StreamID, received bytes: RawSpan) {
        bytes.withUnsafeBytes { self.received[id]?.append(contentsOf: $0) }
    }
    func streamFinished(_ id: StreamID) { self.finishedCount += 1 }
    func streamAborted(_ id: StreamID) {}
    func peerIntroduced(capabilities: Capabilities) {}
}
