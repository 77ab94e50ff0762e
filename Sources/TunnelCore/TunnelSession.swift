package import Ciphers
import ErasureCoding
import KCP
package import PacketPrimitives
package import RateControl
package import Smux

/// One session between a client and a server: conversation, FEC and streams, without clock and sockets.
///
/// After every input (packets, an application call, `handleTimeout`), call `pollDatagrams` until it returns 0, look
/// at `failure`, then come back at `nextTimeout` or with the next input, whichever is first.
///
/// The owner keeps a session on one thread. It holds no payload that the application has not given to it yet, nor
/// any that the application could have taken.
package struct TunnelSession: ~Copyable {
    package private(set) var configuration: SessionConfiguration
    let envelope: any PacketEnvelope
    var conversation: Conversation
    var parityEncoder: ParityEncoder?
    var parityDecoder: ParityDecoder?
    var streams: StreamPath
    var limiter: TokenBucket?
    var counters = SessionCounters()
    var hasWelcomedModel = false
    var peerWindowWatch = PeerWindowWatch()
    /// How much of the delivered payload the path's controller has been told of, bytes.
    var notedOncoming: UInt64 = 0
    private var introduced = false

    /// - Parameters:
    ///   - conversationID: random for a client, the client's for a server (protocol 03 §8).
    ///   - envelope: seals what leaves; what arrives has been opened by the owner of the socket.
    ///   - clientUsesShards: for a server, whether the client's packets have FEC headers. Ours then have them too, as a
    ///     client of 2017 reads nothing else.
    ///   - path: directs the sending, for all sessions with the same host; `nil` for the original's rules.
    package init(
        conversationID: UInt32, configuration: SessionConfiguration, envelope: any PacketEnvelope,
        scratch: FrameScratch, now: Instant, clientUsesShards: Bool? = nil, path: PathController? = nil
    ) {
        let follows = configuration.role == .server && !configuration.isStrict && configuration.habits == .standard
        precondition(path == nil || configuration.habits == .standard, "the original has no controller")
        let followed = follows ? clientUsesShards : nil
        let usesShards = followed ?? configuration.usesParity
        self.configuration = configuration
        self.envelope = envelope
        var arq = configuration.conversation(peerModelsPath: false)
        arq.mtu = configuration.packetByteCount(
            headerByteCount: envelope.headerByteCount, trailerByteCount: envelope.trailerByteCount,
            usesShards: usesShards)
        self.conversation = Conversation(
            id: conversationID, configuration: arq, path: path,
            overheadByteCount: configuration.mtu - arq.mtu + SessionConfiguration.networkHeaderByteCount)
        self.parityEncoder = usesShards ? ParityEncoder() : nil
        self.parityDecoder = nil
        self.streams = StreamPath(configuration: configuration, scratch: scratch, now: now)
        self.limiter = configuration.rateLimit.map { TokenBucket(bytesPerSecond: $0, now: now) }
        if configuration.habits == .original { self.startOwnParity() }
        if configuration.role == .client { self.introduce() }
    }

    package var conversationID: UInt32 { self.conversation.id }

    /// Why the session is over; `nil` while it is not.
    package var failure: SessionFailure? { self.streams.failure }

    /// Whether more streams can be opened, as far as their numbers go.
    package var hasUnusedIDs: Bool { self.streams.multiplexer.hasUnusedIDs }

    package var streamCount: Int { self.streams.multiplexer.streamCount }

    /// Whether everything that was given to the session has been delivered to the peer's end.
    package var isDrained: Bool {
        !self.streams.hasFrames && self.conversation.queuedByteCount == 0
            && self.conversation.inFlightSegmentCount == 0
    }

    /// Takes over what may change while a session lives: mode, windows and rate limit. What both ends must know stays.
    package mutating func update(_ configuration: SessionConfiguration, now: Instant) {
        // What the session was made with decides who chooses what.
        self.configuration.conversation = configuration.conversation
        self.configuration.automatic = configuration.automatic
        self.configuration.rateLimit = configuration.rateLimit
        self.conversation.update(self.configuration.conversation(peerModelsPath: self.hasWelcomedModel))
        guard let rate = configuration.rateLimit else { return self.limiter = nil }
        if self.limiter == nil { self.limiter = TokenBucket(bytesPerSecond: rate, now: now) }
        self.limiter?.setRate(bytesPerSecond: rate, now: now)
    }

    /// Whether something that was sent has not been acknowledged.
    package var isAwaitingAcknowledgement: Bool { self.conversation.inFlightSegmentCount > 0 }

    /// What is written from now on has this number or a later one.
    package var sendMark: UInt32 { self.conversation.nextNumber }
    /// Whether the peer has acknowledged anything that was written since `mark`.
    package func hasDelivered(since mark: UInt32) -> Bool { self.conversation.hasDelivered(since: mark) }
    /// How long an acknowledgement may take before something is sent again, milliseconds.
    package var retransmissionTimeoutMilliseconds: Int { self.conversation.retransmissionTimeoutMilliseconds }

    /// Tells the peer what we are; programs that do not know the message ignore it.
    mutating func introduce() {
        guard !self.introduced, self.configuration.habits == .standard else { return }
        self.introduced = true
        self.streams.introduce()
    }

    /// What has been found out about the peer since the last call.
    package mutating func takeNotices() -> [SessionNotice] {
        guard !self.streams.notices.isEmpty else { return [] }
        var notices: [SessionNotice] = []
        swap(&notices, &self.streams.notices)
        return notices
    }

    /// Whether the peer has ever said anything on the level of streams.
    package var hasHeardFrames: Bool { self.streams.multiplexer.statistics.receivedFrameCount > 0 }

    /// Sends a sign of life now, to see what becomes of it.
    package mutating func probePeer() { self.streams.multiplexer.sendSignOfLife() }

    /// Ends the session without a word to the peer; the protocol has none (protocol 00).
    package mutating func close() { self.streams.fail(.closed) }
}

// MARK: - The application's side

extension TunnelSession {
    /// Opens a stream to the server's target; `nil` if this session cannot carry another.
    package mutating func openStream() -> StreamID? {
        guard self.failure == nil else { return nil }
        return self.streams.multiplexer.openStream()
    }

    /// The application has `byteCount` more bytes for the stream; the session fetches them when they can leave.
    package mutating func announce(_ id: StreamID, byteCount: Int) {
        self.streams.multiplexer.announce(id, byteCount: byteCount)
    }

    /// Nothing follows what has been announced.
    package mutating func finish(_ id: StreamID) { self.streams.multiplexer.finish(id) }

    /// The application takes nothing more of the stream; what still arrives is discarded.
    package mutating func stopReading(_ id: StreamID) { self.streams.multiplexer.stopReading(id) }

    /// Ends both directions at once; announced bytes are not fetched any more.
    package mutating func abandon(_ id: StreamID) {
        self.streams.multiplexer.abandon(id)
        self.streams.streamEnded(id)
    }

    /// The application has written `byteCount` bytes of the stream to where they belong. Makes room for more, which
    /// may deliver what had to wait.
    package mutating func consumed(_ id: StreamID, byteCount: Int, now: Instant, sink: any StreamSink) {
        self.streams.multiplexer.consumed(id, byteCount: byteCount)
        self.widenStream(id, taking: byteCount, now: now)
        self.deliverReady(now: now, sink: sink)
    }
}
