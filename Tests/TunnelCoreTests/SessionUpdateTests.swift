import Ciphers
import KCP
import PacketPrimitives
import Smux
import Testing
import TunnelCore

/// What an operator may change while a session lives, and what a session gives back when it rests.
struct SessionUpdateTests {
    /// Sends zeros and keeps what it receives.
    private final class Application: StreamSink, StreamSource {
        var receivedByteCount = 0
        func streamOpened(_ id: StreamID) {}
        func stream(_ id: StreamID, received bytes: RawSpan) { self.receivedByteCount += bytes.byteCount }
        func streamFinished(_ id: StreamID) {}
        func streamAborted(_ id: StreamID) {}
        func peerIntroduced(capabilities: Capabilities) {}
        func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {}
    }

    private static func configuration(
        _ role: TunnelRole, sendWindow: Int = 256, usesCompression: Bool = true, rateLimit: Int? = nil
    ) throws -> SessionConfiguration {
        SessionConfiguration(
            role: role, cipher: .null, derivedKey: KeyDerivation.derive(from: "k"), dataShards: 0, parityShards: 0,
            mtu: 1350,
            conversation: KCP.Configuration(
                mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: sendWindow, receiveWindow: 256, acknowledgeImmediately: true),
            multiplexer: try Smux.Configuration(), usesCompression: usesCompression, rateLimit: rateLimit)
    }

    private static var envelope: any PacketEnvelope {
        CipherSuite.null.makeEnvelope(
            key: KeyDerivation.derive(from: "k"), nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 1)))
    }

    private static func session(_ configuration: SessionConfiguration, now: Instant) -> TunnelSession {
        TunnelSession(
            conversationID: 1, configuration: configuration, envelope: Self.envelope, scratch: FrameScratch(), now: now)
    }

    private static func opened(_ session: inout TunnelSession) throws -> StreamID {
        let id = session.openStream()
        return try #require(id)
    }

    /// Lets both timers run and moves everything that is due from one session to the other.
    private static func move(
        from sender: inout TunnelSession, _ source: Application, to receiver: inout TunnelSession, _ sink: Application,
        now: Instant
    ) {
        sender.handleTimeout(now: now)
        var slab = PacketSlab(slotCount: 256)
        while sender.pollDatagrams(into: &slab, now: now, source: source) > 0 {
            receiver.handlePackets(slab, 0..<slab.count, now: now, sink: sink)
            slab.removeAll()
        }
    }

    /// How many datagrams leave at once.
    private static func burst(_ session: inout TunnelSession, _ source: Application, now: Instant) -> Int {
        var slab = PacketSlab(slotCount: 512)
        return session.pollDatagrams(into: &slab, now: now, source: source)
    }

    @Test func `a larger window counts in a live session`() throws {
        let now = Instant(milliseconds: 1000)
        let application = Application()
        var session = Self.session(
            try Self.configuration(.client, sendWindow: 4, usesCompression: false), now: now)
        let id = try Self.opened(&session)
        session.announce(id, byteCount: 1_000_000)
        let first = Self.burst(&session, application, now: now)
        session.update(try Self.configuration(.client, sendWindow: 20), now: now)
        let second = Self.burst(&session, application, now: now)
        #expect([first, second] == [4, 16])
    }

    /// The peer introduces itself only after the settings have changed.
    @Test func `what has changed stays when the peer turns out to be one of ours`() throws {
        var configurations = [
            try SessionPair.configuration(.client), try SessionPair.configuration(.server),
        ]
        for index in configurations.indices {
            configurations[index].rules = .modelled
            configurations[index].automatic = [.receiveWindow]
        }
        let pair = SessionPair(client: configurations[0], server: configurations[1])
        configurations[0].conversation.sendWindow = 2
        pair.client.update(configurations[0], now: pair.now)
        let opened = pair.client.openStream()
        pair.client.announce(try #require(opened), byteCount: 1_000_000)
        var largest: UInt64 = 0
        for _ in 0..<20 {
            pair.run(milliseconds: 10)
            largest = max(largest, pair.clientStatistics.inFlightSegments)
        }
        #expect(pair.clientSide.introductions.count == 1)
        #expect(largest <= 2)
    }

    @Test func `a rate limit comes and goes in a live session`() throws {
        let clientSide = Application()
        let serverSide = Application()
        var now = Instant(milliseconds: 1000)
        var client = Self.session(try Self.configuration(.client, usesCompression: false), now: now)
        var server = Self.session(try Self.configuration(.server, usesCompression: false), now: now)
        let id = try Self.opened(&client)
        client.announce(id, byteCount: 10_000_000)
        var arrived: [Int] = []
        for rateLimit in [1000, nil] {
            client.update(try Self.configuration(.client, rateLimit: rateLimit), now: now)
            for _ in 0..<100 {
                now = now.advanced(milliseconds: 10)
                Self.move(from: &client, clientSide, to: &server, serverSide, now: now)
                Self.move(from: &server, serverSide, to: &client, clientSide, now: now)
            }
            arrived.append(serverSide.receivedByteCount)
        }
        #expect((80_000...100_000).contains(arrived[0]), "the bucket holds 96000 bytes, which leave at once")
        #expect(arrived[1] == 2_097_152, "the window of a stream whose bytes nobody takes")
    }

    /// Compressed data flows before and after both ends have given their memory back.
    @Test func `a session that has given memory back goes on`() throws {
        var now = Instant(milliseconds: 1000)
        let (clientSide, serverSide) = (Application(), Application())
        var client = Self.session(try Self.configuration(.client), now: now)
        var server = Self.session(try Self.configuration(.server), now: now)
        let id = try Self.opened(&client)
        var releaseCount = 0
        for step in 0..<400 {
            now = now.advanced(milliseconds: 20)
            if step == 0 || step == 300 { client.announce(id, byteCount: 100_000) }
            if client.handleTimeout(now: now) { releaseCount += 1 }
            if server.handleTimeout(now: now) { releaseCount += 1 }
            Self.move(from: &client, clientSide, to: &server, serverSide, now: now)
            Self.move(from: &server, serverSide, to: &client, clientSide, now: now)
        }
        #expect(serverSide.receivedByteCount == 200_000)
        #expect(releaseCount > 0)
        let isSettled = client.isSettled && server.isSettled
        #expect(isSettled)
    }
}
