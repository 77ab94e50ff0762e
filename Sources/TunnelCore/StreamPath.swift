package import KCP
package import PacketPrimitives
package import Smux
import SnappyFraming

/// The half of a session above the ARQ: smux frames, snappy framing below them, QPP above them (protocol 05).
///
/// It holds no payload. Out, bytes go from the application's buffers into a frame and from there into the
/// conversation; in, they go from the received packet to the application's sink.
package struct StreamPath: ~Copyable {
    package var multiplexer: Multiplexer
    private var encoder: FrameEncoder?
    private var decoder: FrameDecoder?
    private let permutation: StreamPermutation?
    private let scratch: FrameScratch
    package private(set) var failure: SessionFailure?

    package init(configuration: SessionConfiguration, scratch: FrameScratch, now: Instant) {
        self.multiplexer = Multiplexer(
            role: configuration.role == .client ? .client : .server, configuration: configuration.multiplexer, now: now)
        self.encoder = configuration.usesCompression ? FrameEncoder() : nil
        self.decoder = configuration.usesCompression ? FrameDecoder() : nil
        self.permutation = configuration.permutation.map { StreamPermutation(pads: $0, scratch: scratch) }
        self.scratch = scratch
        self.failure = nil
    }

    /// Whether the application has room for more. While it has not, the conversation keeps what arrives and its
    /// advertised window closes.
    package var wantsInput: Bool { self.failure == nil && self.multiplexer.wantsInput }

    package mutating func fail(_ failure: SessionFailure) {
        if self.failure == nil { self.failure = failure }
    }

    // MARK: In

    /// Takes the next piece of the ordered byte stream.
    package mutating func handleBytes(_ bytes: RawSpan, now: Instant, sink: any StreamSink) {
        guard self.failure == nil else { return }
        let sink = self.permutation?.opening(for: sink) ?? sink
        guard self.decoder != nil else { return self.handleFrames(bytes, now: now, sink: sink) }
        self.decompress(bytes, now: now, sink: sink)
    }

    private mutating func decompress(_ bytes: RawSpan, now: Instant, sink: any StreamSink) {
        var decoder = self.decoder.take()!
        let result = decoder.handleBytes(bytes) { plain in self.handleFrames(plain, now: now, sink: sink) }
        self.decoder = consume decoder
        if case .failed(let error) = result { self.fail(.compression(error)) }
    }

    private mutating func handleFrames(_ bytes: RawSpan, now: Instant, sink: any StreamSink) {
        guard self.failure == nil else { return }
        if case .failed(let error) = self.multiplexer.handleBytes(bytes, now: now, sink: sink) {
            self.fail(.multiplexer(error))
        }
    }

    // MARK: Out

    /// Moves frames into the conversation until it has enough for its window; returns whether there were any.
    package mutating func pump(into conversation: inout Conversation, source: any StreamSource) -> Bool {
        let source = self.permutation?.sealing(for: source) ?? source
        var moved = false
        while conversation.writableByteCount > 0, self.multiplexer.hasFrames {
            guard self.moveFrame(into: &conversation, source: source) else { break }
            moved = true
        }
        return moved
    }

    /// Builds the next frame where it will be sent from, or in the scratch memory if it has to be compressed first or
    /// has no room in one piece. Returns whether there was one.
    private mutating func moveFrame(into conversation: inout Conversation, source: any StreamSource) -> Bool {
        if self.encoder == nil {
            let limit = self.multiplexer.maximumFrameByteCount
            let byteCount = conversation.writeInPlace(limit: limit) { room in
                self.multiplexer.pollFrame(into: &room, maximumByteCount: limit, source: source) ?? 0
            }
            if let byteCount { return byteCount > 0 }
        }
        let scratch = self.scratch
        var frame = scratch.bytes
        let byteCount = self.multiplexer.pollFrame(into: &frame, maximumByteCount: frame.byteCount, source: source)
        guard let byteCount else { return false }
        self.write(frame.bytes.extracting(first: byteCount), to: &conversation)
        return true
    }

    private mutating func write(_ frame: RawSpan, to conversation: inout Conversation) {
        guard self.encoder != nil else { return conversation.write(frame) }
        var encoder = self.encoder.take()!
        encoder.encode(frame) { chunk in conversation.write(chunk) }
        self.encoder = consume encoder
    }

    /// Forgets what is kept per stream.
    package mutating func streamEnded(_ id: StreamID) { self.permutation?.forget(id) }
}
