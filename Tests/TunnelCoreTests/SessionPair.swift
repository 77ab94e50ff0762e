import Ciphers
import KCP
import PacketPrimitives
import Smux
import TunnelCore

/// An application that keeps what it gets, answers nothing by itself, and sends bytes that cannot be compressed.
final class RecordingApplication: StreamSink, StreamSource {
    var received: [StreamID: [UInt8]] = [:]
    var opened: [StreamID] = []
    var introductions: [Capabilities] = []
    private var sent: [StreamID: Int] = [:]

    func streamOpened(_ id: StreamID) { self.opened.append(id) }
    func stream(_ id: StreamID, received bytes: RawSpan) { self.received[id, default: []] += [UInt8](copying: bytes) }
    func streamFinished(_ id: StreamID) {}
    func streamAborted(_ id: StreamID) {}
    func peerIntroduced(capabilities: Capabilities) { self.introductions.append(capabilities) }

    /// The byte at this place of every stream.
    static func byte(_ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (UInt64(index) &* 0x9E37_79B9_7F4A_7C15) >> 29)
    }

    func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {
        let start = self.sent[id, default: 0]
        for offset in 0..<payload.byteCount {
            payload.storeLittleEndian(Self.byte(start + offset), at: offset)
        }
        self.sent[id] = start + payload.byteCount
    }
}

/// A client's and a server's session that are joined in memory, without loss, in virtual time.
final class SessionPair {
    var client: TunnelSession
    var server: TunnelSession
    let clientSide = RecordingApplication()
    let serverSide = RecordingApplication()
    private(set) var now = Instant(milliseconds: 1000)

    init(client: SessionConfiguration, server: SessionConfiguration) {
        let envelope = CipherSuite.null.makeEnvelope(
            key: [UInt8](repeating: 0, count: 32), nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 1)))
        self.client = TunnelSession(
            conversationID: 1, configuration: client, envelope: envelope, scratch: FrameScratch(), now: self.now,
            path: client.makePath(now: self.now))
        self.server = TunnelSession(
            conversationID: 1, configuration: server, envelope: envelope, scratch: FrameScratch(), now: self.now,
            clientUsesShards: client.usesParity, path: server.makePath(now: self.now))
    }

    static func configuration(
        _ role: TunnelRole, smuxVersion: Int = 2, usesCompression: Bool = true, shards: (Int, Int) = (0, 0),
        permutation: PermutationPads? = nil, trialPads: PermutationPads? = nil, isStrict: Bool = false
    ) throws -> SessionConfiguration {
        SessionConfiguration(
            role: role, cipher: .null, derivedKey: [UInt8](repeating: 0, count: 32), dataShards: shards.0,
            parityShards: shards.1, mtu: 1350,
            conversation: KCP.Configuration(
                mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: 256, receiveWindow: 256, acknowledgeImmediately: true),
            multiplexer: try Smux.Configuration(version: smuxVersion), usesCompression: usesCompression,
            permutation: permutation, trialPads: trialPads, isStrict: isStrict)
    }

    /// Moves datagrams and time.
    func run(milliseconds: Int) {
        let end = self.now.advanced(milliseconds: milliseconds)
        while self.now < end {
            self.now = self.now.advanced(milliseconds: 10)
            self.client.handleTimeout(now: self.now)
            self.server.handleTimeout(now: self.now)
            Self.move(from: &self.client, self.clientSide, to: &self.server, self.serverSide, now: self.now)
            Self.move(from: &self.server, self.serverSide, to: &self.client, self.clientSide, now: self.now)
        }
    }

    private static func move(
        from sender: inout TunnelSession, _ source: RecordingApplication, to receiver: inout TunnelSession,
        _ sink: RecordingApplication, now: Instant
    ) {
        var slab = PacketSlab(slotCount: 128)
        while sender.pollDatagrams(into: &slab, now: now, source: source) > 0 {
            receiver.handlePackets(slab, 0..<slab.count, now: now, sink: sink)
            slab.removeAll()
        }
    }

    // `#expect` cannot look into a noncopyable value.
    var clientFailure: SessionFailure? { self.client.failure }
    var serverFailure: SessionFailure? { self.server.failure }
    func takeServerNotices() -> [SessionNotice] { self.server.takeNotices() }
    var serverStatistics: SessionStatistics { self.server.statistics }
    var clientStatistics: SessionStatistics { self.client.statistics }
}
