import PacketPrimitives
import Smux
import SnappyFraming

extension LayerTimings {
    /// Frames of 8 KiB from one multiplexer to another, by one stream and by sixteen in turn.
    func timeMultiplexers() throws {
        for streamCount in [1, 16] where self.includes("smux \(streamCount)") {
            let material = IncompressibleMaterial()
            let configuration = try Smux.Configuration()
            let now = Instant(milliseconds: 1000)
            var client = Multiplexer(role: .client, configuration: configuration, now: now)
            var server = Multiplexer(role: .server, configuration: configuration, now: now)
            let application = CountingApplication(material: material)
            var frame = [UInt8](repeating: 0, count: 8 + 65535)
            let ids = (0..<streamCount).compactMap { _ in client.openStream() }
            let time = self.best(items: 1600) {
                for id in ids { client.announce(id, byteCount: 1600 / ids.count * 8192) }
                Self.exchange(&client, &server, application, &frame, now: now)
            }
            self.report("smux \(streamCount) streams, 8-KiB frames, both ends", time, per: "frame")
        }
    }

    private static func exchange(
        _ client: inout Multiplexer, _ server: inout Multiplexer, _ application: CountingApplication,
        _ frame: inout [UInt8], now: Instant
    ) {
        while true {
            let moved = Self.move(from: &client, to: &server, application, &frame, now: now)
            for (id, byteCount) in application.takeUnread() { server.consumed(id, byteCount: byteCount) }
            guard Self.move(from: &server, to: &client, application, &frame, now: now) || moved else { return }
        }
    }

    /// Moves one frame; false if there was none.
    private static func move(
        from sender: inout Multiplexer, to receiver: inout Multiplexer, _ application: CountingApplication,
        _ frame: inout [UInt8], now: Instant
    ) -> Bool {
        var memory = frame.mutableSpan
        var bytes = unsafe memory.mutableBytes
        let count = sender.pollFrame(into: &bytes, maximumByteCount: bytes.byteCount, source: application)
        guard let count else { return false }
        _ = receiver.handleBytes(bytes.bytes.extracting(first: count), now: now, sink: application)
        return true
    }

    /// Writes of 8 KiB through the snappy framing and back.
    func timeCompression() {
        let text = Array("The quick brown fox jumps over the lazy dog, and the dog does not mind. ".utf8)
        var compressible = (0..<8192).map { text[($0 * 7 / 5) % text.count] }
        var incompressible = [UInt8](repeating: 0, count: 8192)
        Self.fill(&incompressible)
        Self.sprinkle(&compressible)
        for (name, bytes) in [("incompressible", incompressible), ("text", compressible)] {
            guard self.includes("snappy \(name)") else { continue }
            var encoder = FrameEncoder()
            var decoder = FrameDecoder()
            let time = self.best(items: 1000) {
                for _ in 0..<1000 {
                    unsafe encoder.encode(bytes.span.bytes) { _ = decoder.handleBytes($0) { _ in } }
                }
            }
            self.report("snappy \(name), 8-KiB writes, both ends", time, per: "write")
        }
    }

    private static func fill(_ bytes: inout [UInt8]) {
        let material = IncompressibleMaterial()
        var memory = bytes.mutableSpan
        var span = unsafe memory.mutableBytes
        material.fill(&span)
    }

    /// Makes the text a little irregular, as text is.
    private static func sprinkle(_ bytes: inout [UInt8]) {
        let random = SeededRandomSource(seed: 3)
        for index in stride(from: 0, to: bytes.count, by: 16) {
            bytes[index] = UInt8(truncatingIfNeeded: random.next())
        }
    }
}

/// An application that makes bytes and counts what comes.
private final class CountingApplication: StreamSink, StreamSource {
    private let material: IncompressibleMaterial
    private var unread: [(StreamID, Int)] = []

    init(material: IncompressibleMaterial) { self.material = material }

    func takeUnread() -> [(StreamID, Int)] {
        defer { self.unread.removeAll(keepingCapacity: true) }
        return self.unread
    }

    func stream(_ id: StreamID, received bytes: RawSpan) { self.unread.append((id, bytes.byteCount)) }
    func fill(_ id: StreamID, _ payload: inout MutableRawSpan) { self.material.fill(&payload) }
    func streamOpened(_ id: StreamID) {}
    func streamFinished(_ id: StreamID) {}
    func streamAborted(_ id: StreamID) {}
    func peerIntroduced(capabilities: Capabilities) {}
}
