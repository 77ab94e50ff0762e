public import PacketPrimitives

/// Which ids a side gives to the streams that it opens: the client odd ones, the server even ones (protocol 04 §2).
public enum Role: Sendable {
    /// Opens streams with odd ids.
    case client
    /// Opens streams with even ids.
    case server
}

/// Where received streams and bytes go. It is called in the middle of the multiplexer's work: it stores what it
/// gets and returns, and must not call the multiplexer.
public protocol StreamSink: AnyObject {
    /// The peer opened a stream.
    func streamOpened(_ id: StreamID)
    /// The next payload of a stream. Each byte must be answered later by `Multiplexer.consumed`, unless the stream
    /// is given up with `stopReading` or `abandon`.
    func stream(_ id: StreamID, received bytes: RawSpan)
    /// The peer ended its direction; everything before has been delivered. A peer that has not introduced itself
    /// with `Capabilities.halfClose` does not read any more either: the stream should be finished or abandoned soon.
    func streamFinished(_ id: StreamID)
    /// The peer gave up the stream in both directions after it had ended its own. The stream is gone.
    func streamAborted(_ id: StreamID)
    /// The peer is a program of this project.
    func peerIntroduced(capabilities: Capabilities)
}

/// Where the payload of outgoing frames comes from.
public protocol StreamSource: AnyObject {
    /// Copies the next bytes of the stream to `payload`, exactly as many as it has room for: they were announced.
    /// Must not call the multiplexer.
    func fill(_ id: StreamID, _ payload: inout MutableRawSpan)
}

/// Many streams on one ordered byte stream (protocol 04).
///
/// It keeps no payload. What goes out stays with the application until `pollFrame` asks the `StreamSource` for it;
/// what comes in goes to the `StreamSink` piece by piece, as it arrives. Feed it bytes and time, poll frames after
/// every input, come back at `nextTimeout`.
///
/// A stream is forgotten once both sides have sent FIN and the application has consumed everything, or when it is
/// abandoned. Calls for a forgotten stream do nothing.
public struct Multiplexer: ~Copyable {
    /// What the session was set up with.
    public let configuration: Configuration
    /// Why the session is over; `nil` while it works. It never works again.
    public internal(set) var failure: ProtocolError?
    /// What the peer said that it can do; `nil` until then, and for ever with the original.
    public internal(set) var peerCapabilities: Capabilities?
    /// What has been counted so far.
    public internal(set) var statistics = Statistics()

    var table = StreamTable()
    var scheduler = SendScheduler()
    var input = InputPhase.header(WordAssembler())
    /// How many more bytes the streams may hold in sum; at most one burst below 0 (protocol 04 §4).
    var bucket: Int
    /// The same while the streams hold nothing, bytes.
    var bucketSize: Int
    /// How many window updates have been sent.
    var grantCount: UInt32 = 0
    /// Nothing more is taken for now, whatever the bucket says.
    package private(set) var isHeldBack = false
    var lastOpenedID: UInt32
    var introduction: Capabilities?
    /// Whether the peer may open streams. Those that it opens all the same are refused.
    package var acceptsStreams = true
    /// Streams of the peer that are refused and get a FIN.
    var refusedStreams: [StreamID] = []
    var keepAlive: KeepAlive

    /// A session without streams, at the beginning of its byte stream.
    public init(role: Role, configuration: Configuration, now: Instant) {
        self.configuration = configuration
        self.bucket = configuration.receiveBufferByteCount
        self.bucketSize = configuration.receiveBufferByteCount
        self.lastOpenedID = role == .client ? 1 : 0
        self.keepAlive = KeepAlive(configuration: configuration, now: now)
    }

    /// How many streams are not forgotten yet.
    public var streamCount: Int { self.table.count }

    /// Whether the streams of the session have room for more payload. While they have not, the bytes should stay
    /// in the layer below, whose window then closes.
    public var wantsInput: Bool { self.canRead && self.failure == nil }

    /// Neither full nor held back.
    var canRead: Bool { self.bucket > 0 && !self.isHeldBack }

    /// Stops taking payload, or goes on, for reasons that the session does not know. What the peer says meanwhile is not
    /// heard, so its silence means nothing.
    package mutating func holdBack(_ isHeldBack: Bool) {
        if self.isHeldBack, !isHeldBack { self.keepAlive.isExcused = true }
        self.isHeldBack = isHeldBack
    }

    /// Version 2 gives each stream a window.
    var isWindowed: Bool { self.configuration.version == 2 }
}

// MARK: What the application does with its streams

extension Multiplexer {
    /// Tells the peer once what we are. Queued in front of everything else.
    public mutating func introduce(capabilities: Capabilities = .all) { self.introduction = capabilities }

    /// Opens a stream; `nil` if the ids are used up or the session has failed.
    public mutating func openStream() -> StreamID? {
        guard self.failure == nil, let id = self.nextID() else { return nil }
        self.statistics.openedStreamCount += 1
        self.insert(StreamState(id: id, flags: .synchronizePending))
        return id
    }

    /// Whether there are ids left for streams of ours (protocol 04 §2).
    public var hasUnusedIDs: Bool { self.lastOpenedID <= UInt32.max - 2 }

    /// The next id of ours. A peer that opens streams with ids of our kind is wrong, but must not meet ours.
    private mutating func nextID() -> StreamID? {
        repeat {
            let (value, overflow) = self.lastOpenedID.addingReportingOverflow(2)
            guard !overflow else { return nil }
            self.lastOpenedID = value
        } while self.table.slot(of: StreamID(rawValue: self.lastOpenedID)) != nil
        return StreamID(rawValue: self.lastOpenedID)
    }

    /// The application has `byteCount` more bytes for the stream. They stay where they are until a frame is built.
    public mutating func announce(_ id: StreamID, byteCount: Int) {
        precondition(byteCount >= 0, "a negative number of bytes")
        guard let slot = self.table.slot(of: id), !self.table[slot].flags.contains(.abandoned) else { return }
        precondition(!self.table[slot].flags.contains(.finishRequested), "the stream is finished")
        self.table[slot].announcedByteCount += byteCount
        self.stateChanged(slot)
    }

    /// Ends our direction: FIN follows everything announced. The peer's direction goes on.
    public mutating func finish(_ id: StreamID) {
        guard let slot = self.table.slot(of: id) else { return }
        self.table[slot].flags.insert(.finishRequested)
        self.stateChanged(slot)
    }

    /// The application takes no more payload of the stream and has dropped what it had: that is given back to the
    /// bucket at once, and later payload is discarded as if it had been consumed, so that the peer can finish.
    public mutating func stopReading(_ id: StreamID) {
        guard let slot = self.table.slot(of: id) else { return }
        self.table[slot].flags.insert(.readingStopped)
        self.releaseUnconsumed(slot)
        self.stateChanged(slot)
    }

    /// Gives the stream up in both directions: announced bytes are forgotten, FIN goes out, later payload is
    /// discarded. A peer that closes one direction at a time is told by a second FIN that it need not go on.
    public mutating func abandon(_ id: StreamID) {
        guard let slot = self.table.slot(of: id), !self.table[slot].flags.contains(.abandoned) else { return }
        self.releaseUnconsumed(slot)
        let flags = self.table[slot].flags
        guard !flags.contains(.synchronizePending) else { return self.remove(slot) }
        self.table[slot].announcedByteCount = 0
        self.table[slot].flags.insert([.abandoned, .finishRequested])
        self.table[slot].flags.remove(.updatePending)
        if !flags.contains(.finishReceived), self.peerCapabilities?.contains(.abort) == true {
            self.table[slot].flags.insert(.abortPending)
        }
        self.stateChanged(slot)
    }

    /// The application is done with `byteCount` of the bytes that it received on the stream.
    public mutating func consumed(_ id: StreamID, byteCount: Int) {
        guard let slot = self.table.slot(of: id) else { return }
        guard self.table[slot].flags.isDisjoint(with: [.readingStopped, .abandoned]) else { return }
        precondition(
            byteCount >= 0 && byteCount <= self.table[slot].unconsumedByteCount, "more consumed than received")
        guard byteCount > 0 else { return }
        self.table[slot].unconsumedByteCount -= byteCount
        self.bucket += byteCount
        self.noteConsumed(slot, byteCount: byteCount)
        self.stateChanged(slot)
    }
}

// MARK: Upkeep

extension Multiplexer {
    mutating func insert(_ state: StreamState) {
        let slot = self.table.insert(state)
        self.table[slot].grantedByteCount = self.window(of: slot)
        self.table[slot].grantNumber = self.grantCount
        self.scheduler.grow(to: self.table.slotCount)
        self.announceWindowEarly(slot)
        self.scheduler.update(slot, for: self.table[slot], isWindowed: self.isWindowed)
    }

    /// Version 2 starts with a window of 256 KiB whatever ours is. A peer of our kind is told the real one at once,
    /// which spares it a round trip of waiting.
    private mutating func announceWindowEarly(_ slot: Int) {
        let window = self.configuration.streamBufferByteCount
        guard self.isWindowed, self.peerCapabilities != nil, window > Int(StreamState.initialPeerWindow) else { return }
        self.table[slot].flags.insert(.updatePending)
    }

    /// To be called last after every change of a stream: its slot may be gone or renumbered afterwards.
    mutating func stateChanged(_ slot: Int) {
        if self.table[slot].isOver {
            self.remove(slot)
        } else {
            self.scheduler.update(slot, for: self.table[slot], isWindowed: self.isWindowed)
        }
    }

    mutating func remove(_ slot: Int) {
        let widening = self.window(of: slot) - self.configuration.streamBufferByteCount
        self.bucket -= widening
        self.bucketSize -= widening
        self.scheduler.remove(slot)
        self.table.remove(slot)
        guard let newSlots = self.table.compact() else { return }
        self.scheduler.renumber(newSlots, slotCount: self.table.slotCount)
    }

    mutating func noteConsumed(_ slot: Int, byteCount: Int) {
        guard self.isWindowed else { return }
        self.table[slot].noteConsumed(byteCount: byteCount)
    }

    private mutating func releaseUnconsumed(_ slot: Int) {
        let byteCount = self.table[slot].unconsumedByteCount
        self.table[slot].unconsumedByteCount = 0
        self.bucket += byteCount
        self.noteConsumed(slot, byteCount: byteCount)
    }
}
