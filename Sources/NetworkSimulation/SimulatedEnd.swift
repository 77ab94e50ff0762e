import Ciphers
package import PacketPrimitives
package import Smux
package import TunnelCore

/// One end of a tunnel in virtual time: a session, and the application that uses its streams.
package final class SimulatedEnd {
    package let role: TunnelRole
    private let configuration: SessionConfiguration
    private let application: any SimulatedApplication
    private let host: SimulatedHost
    private let envelope: any PacketEnvelope
    private let scratch = FrameScratch()
    private var slab: PacketSlab
    private var arrivals: PacketSlab
    private var session: TunnelSession?
    /// Datagrams that did not pass the envelope's check.
    package private(set) var refusedDatagrams = 0
    package private(set) var failure: SessionFailure?

    package init(
        configuration: SessionConfiguration, application: any SimulatedApplication, seed: UInt64,
        host: SimulatedHost = SimulatedHost()
    ) {
        self.host = host
        self.role = configuration.role
        self.configuration = configuration
        self.application = application
        self.envelope = configuration.cipher.makeEnvelope(
            key: configuration.derivedKey, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: seed)))
        self.slab = PacketSlab(slotCount: configuration.slotCount(forBurst: 64))
        self.arrivals = PacketSlab(slotCount: 1)
    }

    package var nextTimeout: Instant? {
        Instant.earliest(self.session?.nextTimeout ?? nil, self.application.nextTimeout)
    }

    package var statistics: SessionStatistics { self.session?.statistics ?? SessionStatistics() }

    /// What the session is like now; `nil` before there is one.
    package var figures: SessionFigures? {
        switch self.session {
        case .some(let session): session.figures
        case .none: nil
        }
    }

    package var isDrained: Bool { self.session?.isDrained ?? true }

    /// See `TunnelSession`.
    package var smoothedRoundTripMilliseconds: Int { self.session?.smoothedRoundTripMilliseconds ?? 0 }

    /// See `TunnelSession`.
    package var numberedSegmentCount: UInt32 { self.session?.numberedSegmentCount ?? 0 }

    private func makeSession(_ id: UInt32, now: Instant, clientUsesShards: Bool? = nil) {
        self.session = TunnelSession(
            conversationID: id, configuration: self.configuration, envelope: self.envelope, scratch: self.scratch,
            now: now, clientUsesShards: clientUsesShards, path: self.host.path(for: self.configuration, now: now))
        self.application.begin(on: self, now: now)
    }

    // MARK: What happens to it

    /// A client starts its conversation.
    package func start(conversationID: UInt32, now: Instant) {
        self.makeSession(conversationID, now: now)
        self.application.serve(on: self, now: now)
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
        self.session!.handlePackets(self.arrivals, 0..<1, now: now, sink: self.application)
        self.application.serve(on: self, now: now)
    }

    package func handleTimeout(now: Instant) {
        self.session?.handleTimeout(now: now)
        if let timeout = self.application.nextTimeout, timeout <= now { self.application.serve(on: self, now: now) }
    }

    /// Sends what is due through `send`.
    package func transmit(now: Instant, _ send: (RawSpan) -> Void) {
        guard self.session != nil else { return }
        while true {
            self.slab.removeAll()
            guard self.session!.pollDatagrams(into: &self.slab, now: now, source: self.application) > 0 else { break }
            for index in 0..<self.slab.count { send(self.slab.bytes(at: index)) }
        }
        if self.failure == nil { self.failure = self.session?.failure ?? nil }
    }

    // MARK: The application's calls

    /// Opens a stream. Only for a client that has begun.
    package func openStream() -> StreamID {
        guard let id = self.session?.openStream() ?? nil else { preconditionFailure("a fresh session opens streams") }
        return id
    }

    /// The application has so many more bytes for the stream.
    package func announce(_ id: StreamID, byteCount: Int) { self.session?.announce(id, byteCount: byteCount) }

    /// Nothing follows what has been announced.
    package func finish(_ id: StreamID) { self.session?.finish(id) }

    /// The application has taken so many bytes of the stream.
    package func consumed(_ id: StreamID, byteCount: Int, now: Instant) {
        self.session?.consumed(id, byteCount: byteCount, now: now, sink: self.application)
    }
}
