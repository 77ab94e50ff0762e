import Ciphers
import KCP
import PacketPrimitives
import Smux
import TestSupport
import Testing
import TunnelCore

/// Recordings of the original at both ends, `sessions/*.json`: what they carried must come out exactly.
struct RecordedSession: Decodable, CustomTestStringConvertible {
    struct Stream: Decodable {
        var sid: UInt32
        var c2s: Hex
        var s2c: Hex
    }
    struct Datagram: Decodable {
        var t: UInt64
        var dir: String
        var flow: Int
        var lost: Bool
        var data: Hex
    }
    var name: String
    var key: String
    var client: String
    var server: String
    var clientArgs: [String]
    var serverArgs: [String]
    var streams: [Stream]
    var datagrams: [Datagram]

    var testDescription: String { self.name }

    static let all: [RecordedSession] =
        (try? Vectors.names(in: "sessions").map { try Vectors.load("sessions/\($0)") }) ?? []

    /// The streams of one flow, with the ids that they have there.
    func streams(ofFlow flow: Int) -> [(id: StreamID, stream: Stream)] {
        guard self.name == "small-mtu-2conn" else {
            return self.streams.map { (StreamID(rawValue: $0.sid), $0) }
        }
        let indices = flow == 0 ? [0, 2] : [1]
        return indices.enumerated().map { (StreamID(rawValue: UInt32(3 + 2 * $0.offset)), self.streams[$0.element]) }
    }
}

/// The value of an option in the original's spelling.
private func option(_ name: String, in arguments: [String]) -> String? {
    arguments.firstIndex(of: "--" + name).map { arguments[$0 + 1] }
}

/// Keeps what arrives.
private final class Recorder: StreamSink, StreamSource {
    var received: [StreamID: [UInt8]] = [:]
    var opened: [StreamID] = []
    /// Streams that are open and have not sent anything yet.
    var unanswered: [StreamID] = []

    func streamOpened(_ id: StreamID) {
        self.opened.append(id)
        self.unanswered.append(id)
    }
    func stream(_ id: StreamID, received bytes: RawSpan) {
        for offset in 0..<bytes.byteCount {
            self.received[id, default: []].append(bytes.littleEndian(at: offset, as: UInt8.self))
        }
    }
    func streamFinished(_ id: StreamID) {}
    func streamAborted(_ id: StreamID) {}
    func peerIntroduced(capabilities: Capabilities) {
        Issue.record("the original does not introduce itself")
    }
    func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {}
}

struct RecordedSessionTests {
    @Test func `there are recordings`() { #expect(RecordedSession.all.count == 19) }

    @Test(arguments: RecordedSession.all, [TunnelRole.client, .server])
    func `the payload comes out exactly`(_ session: RecordedSession, receiver: TunnelRole) throws {
        for flow in Set(session.datagrams.map(\.flow)).sorted() {
            try self.decode(session, flow: flow, receiver: receiver)
        }
    }

    /// Whatever the server's own smux version, compression and FEC are.
    @Test(arguments: RecordedSession.all)
    func `the payload comes out exactly at a server with other settings`(_ session: RecordedSession) throws {
        var configuration = try self.configuration(session, role: .server)
        let other = 3 - Int(configuration.multiplexer.version)
        configuration.multiplexer = try Smux.Configuration(version: other)
        configuration.usesCompression.toggle()
        // A packet that is lost while the counts are being found out is sent again by a real client, not by a recording.
        if !session.datagrams.contains(where: \.lost) {
            configuration.dataShards = configuration.usesParity ? 0 : 7
            configuration.parityShards = 2
        }
        for flow in Set(session.datagrams.map(\.flow)).sorted() {
            try self.decode(session, flow: flow, receiver: .server, configuration)
        }
    }

    private func decode(
        _ recording: RecordedSession, flow: Int, receiver: TunnelRole, _ other: SessionConfiguration? = nil
    ) throws {
        let configuration = try other ?? self.configuration(recording, role: receiver)
        let direction = receiver == .server ? "c2s" : "s2c"
        let envelope = configuration.cipher.makeEnvelope(
            key: configuration.derivedKey, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 1)))
        let recorder = Recorder()
        let streams = recording.streams(ofFlow: flow)
        var session: TunnelSession?
        var slab = PacketSlab(slotCount: 1)
        var outgoing = PacketSlab(slotCount: configuration.slotCount(forBurst: 64))
        for datagram in recording.datagrams where datagram.flow == flow && datagram.dir == direction && !datagram.lost {
            slab.removeAll()
            slab.takeSlot(byteCount: datagram.data.bytes.count)
            var bytes = slab.mutableBytes(at: 0)
            bytes.copyBytes(from: datagram.data.bytes.span.bytes)
            try #require(envelope.open(&slab, from: 0) == OpenResult(opened: 1))
            let now = Instant(milliseconds: datagram.t)
            if session == nil {
                // A server finds the conversation in the first packet; a client, which chose it, in the first answer.
                let found = Self.conversation(of: slab.bytes(at: 0))
                let id = try #require(found)
                let admission = SessionAdmission(of: slab.bytes(at: 0), current: nil)
                var usesShards: Bool?
                if case .create(let created, let shards) = admission {
                    #expect(created == id)
                    usesShards = shards
                } else {
                    #expect(receiver == .client)
                }
                session = TunnelSession(
                    conversationID: id, configuration: configuration, envelope: envelope, scratch: FrameScratch(),
                    now: now, clientUsesShards: usesShards)
                if receiver == .client {
                    for stream in streams {
                        let id = session?.openStream() ?? nil
                        #expect(id == stream.id)
                        recorder.unanswered.append(stream.id)
                    }
                }
            }
            session?.handlePackets(slab, 0..<1, now: now, sink: recorder)
            // The recorded window updates speak of what the receiver sent at that time, so it sends as much.
            while let id = recorder.unanswered.popLast() {
                let sent = streams.first { $0.id == id }.map { receiver == .server ? $0.stream.s2c : $0.stream.c2s }
                session?.announce(id, byteCount: sent?.bytes.count ?? 0)
            }
            outgoing.removeAll()
            while let count = session?.pollDatagrams(into: &outgoing, now: now, source: recorder), count > 0 {
                outgoing.removeAll()
            }
            let failure = session?.failure ?? nil
            #expect(failure == nil)
        }
        for (id, stream) in streams {
            let expected = receiver == .server ? stream.c2s : stream.s2c
            #expect(recorder.received[id] == expected.bytes, "stream \(id)")
        }
        if receiver == .server { #expect(recorder.opened == streams.map(\.id)) }
    }

    private static func conversation(of packet: RawSpan) -> UInt32? {
        let isShard = packet.littleEndian(at: 4, as: UInt16.self) == 0xF1
        return SegmentHeader(isShard ? packet.extracting(droppingFirst: 8) : packet)?.conversation
    }

    private func configuration(_ recording: RecordedSession, role: TunnelRole) throws -> SessionConfiguration {
        let arguments = role == .server ? recording.serverArgs : recording.clientArgs
        let isDebian = role == .server ? !recording.server.hasSuffix("-go") : !recording.client.hasSuffix("-go")
        let version = option("smuxver", in: arguments).flatMap { Int($0) } ?? (isDebian ? 1 : 2)
        return SessionConfiguration(
            role: role, cipher: try #require(CipherSuite(name: option("crypt", in: arguments) ?? "aes")),
            derivedKey: KeyDerivation.derive(from: recording.key),
            dataShards: option("ds", in: arguments).flatMap { Int($0) } ?? 10,
            parityShards: option("ps", in: arguments).flatMap { Int($0) } ?? 3, mtu: 1400,
            conversation: KCP.Configuration(
                profile: try #require(Profile.allCases.first { $0.name == "fast" }), mtu: 1400, sendWindow: 1024,
                receiveWindow: 1024),
            multiplexer: try Smux.Configuration(version: version),
            usesCompression: !arguments.contains("--nocomp"),
            permutation: try self.permutation(recording, arguments))
    }

    private func permutation(_ recording: RecordedSession, _ arguments: [String]) throws -> PermutationPads? {
        guard arguments.contains("--QPP") else { return nil }
        return try PermutationPads(key: recording.key, count: Int(option("QPPCount", in: arguments) ?? "61")!)
    }
}
