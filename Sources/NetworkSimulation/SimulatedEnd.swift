import Ciphers
package import PacketPrimitives
package import Smux
package import TunnelCore

/// One end of a tunnel in virtual time: a session with applications that send and check known bytes.
package final class SimulatedEnd: StreamSink, StreamSource {
    package let role: TunnelRole
    private let configuration: SessionConfiguration
    private let envelope: any PacketEnvelope
    private let scratch = FrameScratch()
    private let plan: StreamPlan
    private var slab: PacketSlab
    private var arrivals: PacketSlab
    package private(set) var hasSession = false
    private var session: TunnelSession?
    package private(set) var streams: [StreamID: SimulatedStream] = [:]
    private var changed: [StreamID] = []
    /// Datagrams that did not pass the envelope's check.
    package private(set) var refusedDatagrams = 0
    package private(set) var failure: SessionFailure?

    package init(configuration: SessionConfiguration, plan: StreamPlan, seed: UInt64) {
        self.role = configuration.role
        self.configuration = configuration
        self.plan = plan
        self.envelope = configuration.cipher.makeEnvelope(
            key: configuration.derivedKey, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: seed)))
        self.slab = PacketSlab(slotCount: configuration.slotCount(forBurst: 64))
        self.arrivals = PacketSlab(slotCount: 1)
    }

    package var nextTimeout: Instant? { self.session?.nextTimeout ?? nil }

    package var statistics: SessionStatistics { self.session?.statistics ?? SessionStatistics() }

    /// What the session is like now; `nil` before there is one.
    package var figures: SessionFigures? {
        switch self.session {
        case .some(let session): session.figures
        case .none: nil
        }
    }

    package var isDrained: Bool { self.session?.isDrained ?? true }

    private func makeSession(_ id: UInt32, now: Instant, clientUsesShards: Bool? = nil) {
        self.session = TunnelSession(
            conversationID: id, configuration: self.configuration, envelope: self.envelope, scratch: self.scratch,
            now: now, clientUsesShards: clientUsesShards)
        self.hasSession = true
    }

    // MARK: What happens to it

    /// A client starts its conversation and opens the planned streams.
    package func start(conversationID: UInt32, now: Instant) {
        self.makeSession(conversationID, now: now)
        for _ in 0..<self.plan.streamCount {
            guard let id = self.session!.openStream() else { preconditionFailure("a fresh session opens streams") }
            self.begin(id, now: now)
        }
        self.serve(now: now)
    }

    private func begin(_ id: StreamID, now: Instant) {
        let stream = SimulatedStream(id: id, plan: self.plan, role: self.role)
        self.streams[id] = stream
        if self.role == .client { self.announce(stream) } else { self.changed.append(id) }
    }

    private func announce(_ stream: SimulatedStream) {
        self.session!.announce(stream.id, byteCount: stream.sendByteCount)
        self.session!.finish(stream.id)
    }

    /// A datagram arrives.
    package func receive(_ datagram: RawSpan, now: Instant) {
        guard datagram.byteCount <= PacketSlab.maximumDatagramByteCount else { return }
        self.arrivals.removeAll()
        self.arrivals.takeSlot(byteCount: datagram.byteCount)
        var bytes = self.arrivals.mutableBytes(at: 0)
        bytes.copyBytes(from: datagram)
        let result = self.envelope.open(&self.arrivals, from: 0)
        self.refusedDatagrams += result.failedChecksum + result.tooShort
        guard self.arrivals[0].byteCount > 0 else { return }
        if self.session == nil {
            let admission = SessionAdmission(of: self.arrivals.bytes(at: 0), current: nil)
            guard case .create(let id, let usesShards) = admission else { return }
            self.makeSession(id, now: now, clientUsesShards: usesShards)
        }
        self.session!.handlePackets(self.arrivals, 0..<1, now: now, sink: self)
        self.serve(now: now)
    }

    package func handleTimeout(now: Instant) {
        self.session?.handleTimeout(now: now)
    }

    /// Sends what is due through `send`.
    package func transmit(now: Instant, _ send: (RawSpan) -> Void) {
        guard self.session != nil else { return }
        while true {
            self.slab.removeAll()
            guard self.session!.pollDatagrams(into: &self.slab, now: now, source: self) > 0 else { break }
            for index in 0..<self.slab.count { send(self.slab.bytes(at: index)) }
        }
        if self.failure == nil { self.failure = self.session?.failure ?? nil }
    }

    /// The applications take what has come, and servers answer.
    private func serve(now: Instant) {
        while let id = self.changed.popLast() {
            guard let stream = self.streams[id] else { continue }
            if self.role == .server, !stream.isAnswering {
                stream.isAnswering = true
                self.announce(stream)
            }
            let count = stream.takeUnread()
            if count > 0 { self.session!.consumed(id, byteCount: count, now: now, sink: self) }
        }
    }

    // MARK: Streams

    package func streamOpened(_ id: StreamID) { self.begin(id, now: Instant(microseconds: 0)) }

    package func stream(_ id: StreamID, received bytes: RawSpan) {
        guard let stream = self.streams[id] else { return }
        stream.check(bytes)
        self.changed.append(id)
    }

    package func streamFinished(_ id: StreamID) { self.streams[id]?.isFinished = true }

    package func streamAborted(_ id: StreamID) { self.streams[id]?.isAborted = true }

    package func peerIntroduced(capabilities: Capabilities) {}

    package func fill(_ id: StreamID, _ payload: inout MutableRawSpan) { self.streams[id]?.fill(&payload) }
}
