import Ciphers
import PacketPrimitives
import Smux
import TunnelCore

/// One end of a tunnel in memory, with an application that makes bytes at no cost and takes them at no cost.
final class SessionEnd: StreamSink, StreamSource {
    private let envelope: any PacketEnvelope
    private let configuration: SessionConfiguration
    private let material: IncompressibleMaterial
    private var session: TunnelSession
    private var slab: PacketSlab
    private var replays: ReplayWindow
    private var unread: (id: StreamID, byteCount: Int)?
    private(set) var receivedByteCount = 0

    init(_ configuration: SessionConfiguration, material: IncompressibleMaterial, now: Instant) {
        self.configuration = configuration
        self.material = material
        self.envelope = configuration.cipher.makeEnvelope(
            key: configuration.derivedKey, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 1)))
        self.session = TunnelSession(
            conversationID: 1, configuration: configuration, envelope: self.envelope, scratch: FrameScratch(), now: now)
        self.slab = PacketSlab(slotCount: configuration.slotCount(forBurst: 64))
        self.replays = ReplayWindow(secret: .init(SeededRandomSource(seed: 2)), now: now)
    }

    /// Opens a stream that carries `byteCount` bytes.
    func send(byteCount: Int) {
        guard let id = self.session.openStream() else { preconditionFailure("a fresh session opens streams") }
        self.session.announce(id, byteCount: byteCount)
    }

    /// Payload bytes of one full KCP packet.
    var segmentByteCount: Int {
        let packet = self.configuration.packetByteCount(
            headerByteCount: self.envelope.headerByteCount, trailerByteCount: self.envelope.trailerByteCount)
        return packet - 24
    }

    var nextTimeout: Instant? { self.session.nextTimeout }

    func handleTimeout(now: Instant) {
        if let timeout = self.session.nextTimeout, timeout <= now { self.session.handleTimeout(now: now) }
    }

    /// Passes up to `burstLimit` bursts to the peer, which opens them where they lie; how many datagrams they were.
    func transmit(to peer: SessionEnd, burstLimit: Int, now: Instant) -> Int {
        var sent = 0
        for _ in 0..<burstLimit {
            self.slab.removeAll()
            let count = self.session.pollDatagrams(into: &self.slab, now: now, source: self)
            guard count > 0 else { break }
            sent += count
            peer.receive(&self.slab, now: now)
        }
        return sent
    }

    private func receive(_ slab: inout PacketSlab, now: Instant) {
        let result = self.replays.open(&slab, 0..<slab.count, with: self.envelope, now: now)
        precondition(result.opened == slab.count, "a datagram was damaged")
        self.session.handlePackets(slab, 0..<slab.count, now: now, sink: self)
        guard let unread = self.unread else { return }
        self.unread = nil
        self.session.consumed(unread.id, byteCount: unread.byteCount, now: now, sink: self)
    }

    // MARK: The application

    func stream(_ id: StreamID, received bytes: RawSpan) {
        self.receivedByteCount += bytes.byteCount
        self.unread = (id, (self.unread?.byteCount ?? 0) + bytes.byteCount)
    }

    func fill(_ id: StreamID, _ payload: inout MutableRawSpan) { self.material.fill(&payload) }

    func streamOpened(_ id: StreamID) {}
    func streamFinished(_ id: StreamID) {}
    func streamAborted(_ id: StreamID) {}
    func peerIntroduced(capabilities: Capabilities) {}
}
