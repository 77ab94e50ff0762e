import Ciphers
import ErasureCoding
import KCP
import PacketPrimitives
import Smux
import TestSupport
import Testing
import TunnelCore

/// Parity goes to clients of the original in their own counts only: a decoder with others rebuilds garbage.
struct ParityPolicyTests {
    private final class NoStreams: StreamSink, StreamSource {
        func streamOpened(_ id: StreamID) {}
        func stream(_ id: StreamID, received bytes: RawSpan) {}
        func streamFinished(_ id: StreamID) {}
        func streamAborted(_ id: StreamID) {}
        func peerIntroduced(capabilities: Capabilities) {}
        func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {}
    }

    /// What a server session has to say and sends in answer to the recorded packets of a client of the original. Its own
    /// settings are those of the newest programs.
    private func answer(
        toClientOf name: String, crypt: String, dataShards: Int = 10, compression: Bool = true,
        isStrict: Bool = false
    )
        throws -> (notices: [SessionNotice], sent: ParityEncoder.Statistics)
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
            multiplexer: try Smux.Configuration(version: 2), usesCompression: compression,
            isStrict: isStrict)
        let envelope = cipher.makeEnvelope(
            key: configuration.derivedKey, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 1)))
        let streams = NoStreams()
        var session: TunnelSession?
        var notices: [SessionNotice] = []
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
                let admission = SessionAdmission(of: arrivals.bytes(at: 0), current: nil)
                guard case .create(let id, let usesShards) = admission else { continue }
                session = TunnelSession(
                    conversationID: id, configuration: configuration, envelope: envelope, scratch: FrameScratch(),
                    now: now, clientUsesShards: usesShards)
            }
            session?.handlePackets(arrivals, 0..<1, now: now, sink: streams)
            slab.removeAll()
            _ = session?.pollDatagrams(into: &slab, now: now, source: streams)
            notices += session?.takeNotices() ?? []
        }
        let statistics = session?.statistics ?? SessionStatistics()
        #expect(statistics.conversation.sentPackets > 5, "the recording shows nothing")
        return (notices, statistics.parityEncoder)
    }

    @Test func `a client with the same counts gets parity`() throws {
        let answer = try self.answer(toClientOf: "aes-default", crypt: "aes")
        #expect(answer.notices.contains(.parityStarted(dataShards: 10, parityShards: 3)))
    }

    @Test(arguments: [10, 0])
    func `a client with other counts gets its own`(dataShards: Int) throws {
        let answer = try self.answer(toClientOf: "fec-mismatch-autotune", crypt: "tea", dataShards: dataShards)
        #expect(answer.notices.contains(.parityStarted(dataShards: 3, parityShards: 2)))
        #expect(answer.sent.parityPackets > 0)
    }

    @Test func `a strict server sends parity in its own counts or none`() throws {
        let answer = try self.answer(toClientOf: "lossy-fec", crypt: "xtea", compression: false, isStrict: true)
        #expect(answer.notices == [.profileFound(StreamProfile(smuxVersion: 2, usesCompression: false))])
        #expect(answer.sent.dataPackets > 0)
        #expect(answer.sent.parityPackets == 0)
    }

    @Test func `a client without FEC gets bare packets`() throws {
        let answer = try self.answer(toClientOf: "lossy-nofec", crypt: "blowfish")
        #expect(answer.notices == [.profileFound(StreamProfile(smuxVersion: 2, usesCompression: false))])
        #expect(answer.sent.dataPackets == 0)
    }
}
