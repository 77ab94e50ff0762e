import Ciphers
import KCP
import PacketPrimitives
import Smux
import Testing
import TunnelCore

/// What arrives while the streams are full waits in the conversation, and comes out when there is room again.
struct BackPressureTests {
    private final class Application: StreamSink, StreamSource {
        var received: [StreamID: Int] = [:]
        func streamOpened(_ id: StreamID) { self.received[id] = 0 }
        func stream(_ id: StreamID, received bytes: RawSpan) { self.received[id]! += bytes.byteCount }
        func streamFinished(_ id: StreamID) {}
        func streamAborted(_ id: StreamID) {}
        func peerIntroduced(capabilities: Capabilities) {}
        func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {}
    }

    private static func configuration(_ role: TunnelRole) throws -> SessionConfiguration {
        SessionConfiguration(
            role: role, cipher: .null, derivedKey: KeyDerivation.derive(from: "k"), dataShards: 0, parityShards: 0,
            mtu: 1350,
            conversation: KCP.Configuration(
                mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: 256, receiveWindow: 256, acknowledgeImmediately: true),
            multiplexer: try Smux.Configuration(
                version: 1, receiveBufferByteCount: 20_000, streamBufferByteCount: 20_000), usesCompression: false)
    }

    /// Moves everything that is due from one session to the other.
    private static func move(
        from sender: inout TunnelSession, _ source: Application, to receiver: inout TunnelSession, _ sink: Application,
        now: Instant
    ) {
        var slab = PacketSlab(slotCount: 64)
        while sender.pollDatagrams(into: &slab, now: now, source: source) > 0 {
            receiver.handlePackets(slab, 0..<slab.count, now: now, sink: sink)
            slab.removeAll()
        }
    }

    @Test func `giving up a stream lets waiting payload through`() throws {
        let envelope = CipherSuite.null.makeEnvelope(
            key: KeyDerivation.derive(from: "k"), nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 1)))
        let (clientSide, serverSide) = (Application(), Application())
        var now = Instant(milliseconds: 1000)
        var client = TunnelSession(
            conversationID: 1, configuration: try Self.configuration(.client), envelope: envelope,
            scratch: FrameScratch(), now: now)
        var server = TunnelSession(
            conversationID: 1, configuration: try Self.configuration(.server), envelope: envelope,
            scratch: FrameScratch(), now: now)
        let firstID = client.openStream()
        let secondID = client.openStream()
        let (first, second) = (try #require(firstID), try #require(secondID))
        client.announce(first, byteCount: 60_000)
        for _ in 0..<20 {
            now = now.advanced(milliseconds: 20)
            client.handleTimeout(now: now)
            Self.move(from: &client, clientSide, to: &server, serverSide, now: now)
            Self.move(from: &server, serverSide, to: &client, clientSide, now: now)
        }
        client.announce(second, byteCount: 100)
        for _ in 0..<5 {
            now = now.advanced(milliseconds: 20)
            Self.move(from: &client, clientSide, to: &server, serverSide, now: now)
        }
        // The first stream is not read: its bytes fill the bucket, the rest waits, the second stream's behind it.
        #expect(serverSide.received[first]! >= 20_000 && serverSide.received[first]! < 60_000)
        #expect(serverSide.received[second, default: 0] == 0)
        server.abandon(first)
        server.deliverReady(now: now, sink: serverSide)
        for _ in 0..<20 {
            now = now.advanced(milliseconds: 20)
            server.handleTimeout(now: now)
            client.handleTimeout(now: now)
            Self.move(from: &server, serverSide, to: &client, clientSide, now: now)
            Self.move(from: &client, clientSide, to: &server, serverSide, now: now)
        }
        #expect(serverSide.received[second] == 100)
    }
}
