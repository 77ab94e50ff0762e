import Ciphers
import ErasureCoding
import KCP
import PacketPrimitives
import Smux
import TestSupport
import Testing
import TunnelCore

/// Parity goes only to peers that are known to read it: a decoder of the original with other counts rebuilds garbage.
struct ParityPolicyTests {
    private final class NoStreams: StreamSink, StreamSource {
        func streamOpened(_ id: StreamID) {}
        func stream(_ id: StreamID, received bytes: RawSpan) {}
        func streamFinished(_ id: StreamID) {}
        func streamAborted(_ id: StreamID) {}
        func peerIntroduced(capabilities: Capabilities) {}
        func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {}
    }

    /// How much parity a server session sends in answer to the recorded packets of a client of the original.
    private func parityPacketsSent(toClientOf name: String, crypt: String, compression: Bool, dataShards: Int = 10)
        throws -> UInt64
    {
        let recording = try Vectors.load("sessions/\(name).json", as: RecordedSession.self)
        let cipher = try #require(CipherSuite(name: crypt))
        let configuration = SessionConfiguration(
            role: .server, cipher: cipher, derivedKey: KeyDerivation.derive(from: recording.key),
            dataShards: dataShards,
            parityShards: 3, mtu: 1350,
            conversation: KCP.Configuration(
                mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: 1024, receiveWindow: 1024, acknowledgeImmediately: true),
            multiplexer: try Smux.Configuration(version: 2), usesCompression: compression)
        let envelope = cipher.makeEnvelope(
            key: configuration.derivedKey, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 1)))
        let streams = NoStreams()
        var session: TunnelSession?
        var arrivals = PacketSlab(slotCount: 1)
        var slab = PacketSlab(slotCount: configuration.slotCount(forBurst: 64))
        for datagram in recording.datagrams where datagram.dir == "c2s" && !datagram.lost {
            arrivals.removeAll()
            arrivals.takeSlot(byteCount: datagram.data.bytes.count)
            var bytes = arrivals.mutableBytes(at: 0)
            bytes.copyBytes(from: datagram.data.bytes.span.bytes)
            _ = envelope.open(&arrivals, from: 0)
            let now = Instant(milliseconds: datagram.t)
            if session == nil {
                guard case .create(let id) = SessionAdmission(of: arrivals.bytes(at: 0), current: nil) else { continue }
                session = TunnelSession(
                    conversationID: id, configuration: configuration, envelope: envelope, scratch: FrameScratch(),
                    now: now)
            }
            session?.handlePackets(arrivals, 0..<1, now: now, sink: streams)
            slab.removeAll()
            _ = session?.pollDatagrams(into: &slab, now: now, source: streams)
        }
        let statistics = session?.statistics ?? SessionStatistics()
        #expect(statistics.parityEncoder.dataPackets >= dataShards, "the recording shows nothing")
        return statistics.parityEncoder.parityPackets
    }

    @Test func `a client with the same counts gets parity`() throws {
        #expect(try self.parityPacketsSent(toClientOf: "aes-default", crypt: "aes", compression: true) > 0)
    }

    @Test func `a client with other counts gets none`() throws {
        #expect(try self.parityPacketsSent(toClientOf: "fec-mismatch-autotune", crypt: "tea", compression: true) == 0)
    }

    @Test func `a client without FEC gets none`() throws {
        #expect(
            try self.parityPacketsSent(toClientOf: "lossy-nofec", crypt: "blowfish", compression: false, dataShards: 4)
                == 0)
    }
}
