package import KCP
package import PacketPrimitives
package import Smux
import SnappyFraming

/// The half of a session above the ARQ: smux frames, snappy framing below them, QPP above them (protocol 05).
///
/// A server knows only from its client's first bytes whether there is snappy framing and which smux it is, and sends
/// nothing before. It holds no payload. Out, bytes go from the application's buffers into a frame and from there into the
/// conversation; in, they go from the received packet to the application's sink.
package struct StreamPath: ~Copyable {
    package var multiplexer: Multiplexer
    private let configuration: SessionConfiguration
    private var detector = StreamProfileDetector()
    /// What is sent; `nil` as long as a server does not know it.
    package private(set) var profile: StreamProfile?
    private var encoder: FrameEncoder?
    private var decoder: FrameDecoder?
    private let permutation: StreamPermutation?
    private var watch: PermutationWatch?
    private let scratch: FrameScratch
    var notices: [SessionNotice] = []
    package private(set) var failure: SessionFailure?
    /// Why the session ends as soon as the peer has been told.
    private var farewell: SessionFailure?

    package init(configuration: SessionConfiguration, scratch: FrameScratch, now: Instant) {
        let isClient = configuration.role == .client
        self.configuration = configuration
        self.multiplexer = Multiplexer(
            role: isClient ? .client : .server, configuration: configuration.multiplexer, now: now)
        // Only clients open streams (protocol 04 §2). A client of the original leaves those of its server lying.
        self.multiplexer.acceptsStreams = !isClient
        self.profile = isClient ? configuration.profile : nil
        self.encoder = isClient && configuration.usesCompression ? FrameEncoder() : nil
        self.decoder = nil
        self.permutation = configuration.permutation.map { StreamPermutation(pads: $0, scratch: scratch) }
        self.watch = PermutationWatch(
            permutes: configuration.permutation != nil, pads: configuration.permutation ?? configuration.trialPads)
        self.scratch = scratch
        self.failure = nil
    }

    /// Whether the application has room for more. While it has not, the conversation keeps what arrives and its
    /// advertised window closes.
    package var wantsInput: Bool { self.isOpen && self.multiplexer.wantsInput }

    /// Neither over nor about to be.
    private var isOpen: Bool { self.failure == nil && self.farewell == nil }

    /// Whether there is snappy framing below smux.
    package var usesCompression: Bool { self.encoder != nil }

    /// Memory held for compression, bytes.
    package var compressionByteCount: Int {
        var byteCount = 0
        switch self.encoder {
        case .some(let encoder): byteCount += encoder.memoryByteCount
        case .none: break
        }
        switch self.decoder {
        case .some(let decoder): byteCount += decoder.memoryByteCount
        case .none: break
        }
        return byteCount
    }

    package mutating func fail(_ failure: SessionFailure) {
        if self.failure == nil { self.failure = failure }
    }

    /// Tells the peer what we are; programs that do not know the message ignore it.
    mutating func introduce() { self.multiplexer.introduce(capabilities: self.configuration.capabilities) }

    // MARK: In

    /// Takes the next piece of the ordered byte stream.
    package mutating func handleBytes(_ bytes: RawSpan, now: Instant, sink: any StreamSink) {
        guard self.isOpen, bytes.byteCount > 0, self.detector.usesCompression != nil || self.beginStream(bytes) else {
            return
        }
        if self.permutation == nil, self.watch == nil {
            self.unwrap(bytes, now: now, sink: sink)
        } else {
            self.unwrap(bytes, now: now, sink: self.permutation?.opening(for: sink) ?? sink, watch: self.watch)
        }
    }

    private mutating func unwrap(_ bytes: RawSpan, now: Instant, sink: any StreamSink, watch: PermutationWatch?) {
        guard let watch else { return self.unwrap(bytes, now: now, sink: sink) }
        watch.sink = sink
        self.unwrap(bytes, now: now, sink: watch)
        watch.sink = nil
        self.conclude(watch)
    }

    /// Takes the snappy framing off, if there is any.
    private mutating func unwrap(_ bytes: RawSpan, now: Instant, sink: any StreamSink) {
        if self.decoder == nil {
            self.handleFrames(bytes, now: now, sink: sink)
        } else {
            self.decompress(bytes, now: now, sink: sink)
        }
    }

    /// Looks at the first byte of all; false: nothing can be made of the stream.
    @inline(never)
    private mutating func beginStream(_ bytes: RawSpan) -> Bool {
        let byte = bytes.littleEndian(at: 0, as: UInt8.self)
        guard self.detector.noteStreamStart(byte) else {
            self.fail(.unknownStream(firstByte: byte))
            return false
        }
        if self.detector.usesCompression == true { self.decoder = FrameDecoder() }
        return true
    }

    private mutating func decompress(_ bytes: RawSpan, now: Instant, sink: any StreamSink) {
        var decoder = self.decoder.take()!
        let result = decoder.handleBytes(bytes) { plain in self.handleFrames(plain, now: now, sink: sink) }
        self.decoder = consume decoder
        if case .failed(let error) = result { self.fail(.compression(error)) }
    }

    private mutating func handleFrames(_ bytes: RawSpan, now: Instant, sink: any StreamSink) {
        guard self.isOpen, self.detector.profile != nil || self.beginFrames(bytes, now: now) else { return }
        if case .failed(let error) = self.multiplexer.handleBytes(bytes, now: now, sink: sink) {
            self.fail(.multiplexer(error))
        }
    }

    // MARK: Adapting

    /// Looks at the first byte of the first frame, which completes the peer's profile; false: the two ends differ in it.
    private mutating func beginFrames(_ bytes: RawSpan, now: Instant) -> Bool {
        let byte = bytes.littleEndian(at: 0, as: UInt8.self)
        guard self.detector.noteFrameStart(byte), let peer = self.detector.profile else {
            self.fail(.unknownStream(firstByte: byte))
            return false
        }
        guard self.profile == nil else { return self.check(peer) }
        self.adopt(peer, now: now)
        guard peer == self.configuration.profile || !self.configuration.isStrict else {
            self.multiplexer.introduce(capabilities: self.configuration.capabilities.union(.refuses))
            self.farewell = .profileMismatch(peer: peer)
            return false
        }
        self.notices.append(.profileFound(peer))
        return true
    }

    /// A client has sent already and cannot adapt any more.
    private mutating func check(_ peer: StreamProfile) -> Bool {
        guard peer != self.profile else { return true }
        self.fail(.profileMismatch(peer: peer))
        return false
    }

    /// Nothing has been sent or accepted yet, so the other version gets a multiplexer of its own.
    private mutating func adopt(_ profile: StreamProfile, now: Instant) {
        self.profile = profile
        self.encoder = profile.usesCompression ? FrameEncoder() : nil
        guard profile.smuxVersion != self.multiplexer.configuration.version else { return }
        self.multiplexer = Multiplexer(
            role: .server, configuration: self.configuration.multiplexer.using(version: profile.smuxVersion), now: now)
    }

    /// Draws the consequences of what the watch has seen, and lets it go once there is nothing more to see.
    private mutating func conclude(_ watch: PermutationWatch) {
        guard watch.isDone else { return }
        self.watch = nil
        let permutes = self.permutation != nil
        if self.configuration.role == .client, self.multiplexer.peerCapabilities?.contains(.refuses) == true {
            self.fail(.refusedByServer)
        } else if watch.finding == .mismatch {
            self.refuse(.permutationMismatch(peerPermutes: !permutes))
        } else if watch.finding == .suspected {
            self.notices.append(.permutationSuspected(peerPermutes: !permutes))
        }
    }

    /// Ends the session; a server introduces itself first, so that the client finds the same.
    private mutating func refuse(_ failure: SessionFailure) {
        guard self.configuration.role == .server else { return self.fail(failure) }
        self.notices.removeAll()
        self.introduce()
        self.farewell = failure
    }

    // MARK: Out

    /// Whether there is something to send, and it may be sent.
    var hasFrames: Bool { self.profile != nil && self.multiplexer.hasFrames }

    /// Moves frames into the conversation until it has enough for its window; returns whether there were any.
    /// - Parameter limit: the conversation shall not have much more waiting than so many bytes, so that frames get their
    ///   turn late, but enough to show whether the streams have little or much.
    package mutating func pump(
        into conversation: inout Conversation, upTo limit: Int = .max, source: any StreamSource
    ) -> Bool {
        guard self.profile != nil else { return false }
        let source = self.permutation?.sealing(for: source) ?? source
        let enough = max(limit, 2 * conversation.configuration.maximumSegmentByteCount)
        var moved = false
        while conversation.writableByteCount > 0, conversation.queuedByteCount < enough, self.multiplexer.hasFrames {
            guard self.moveFrame(into: &conversation, source: source) else { break }
            moved = true
        }
        return moved
    }

    /// Moves one frame into the conversation, whatever its window; returns whether there was one.
    package mutating func pumpFrame(into conversation: inout Conversation, source: any StreamSource) -> Bool {
        guard self.hasFrames else { return false }
        return self.moveFrame(into: &conversation, source: self.permutation?.sealing(for: source) ?? source)
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

    /// What was to be said has left; a session that only waited for that is over now.
    mutating func noteSent() {
        guard let farewell, !self.multiplexer.hasFrames else { return }
        self.fail(farewell)
    }

    /// Gives back the memory that only traffic needs. For sessions that fall idle.
    package mutating func releaseMemory() {
        self.encoder?.releaseMemory()
        self.decoder?.releaseMemory()
    }

    /// Forgets what is kept per stream.
    package mutating func streamEnded(_ id: StreamID) { self.permutation?.forget(id) }
}
