import ErasureCoding
import KCP
import PacketPrimitives
import Smux
import SnappyFraming
import Testing

@testable import TunnelCore

/// A server follows its client's smux version, compression and FEC, unless it is strict.
struct AdaptationTests {
    private static let profiles = [UInt8(1), 2].flatMap { version in
        [true, false].map { StreamProfile(smuxVersion: version, usesCompression: $0) }
    }

    private static func pair(
        client: StreamProfile, server: StreamProfile, isStrict: Bool = false, clientShards: (Int, Int) = (0, 0),
        serverShards: (Int, Int) = (0, 0)
    ) throws -> SessionPair {
        SessionPair(
            client: try SessionPair.configuration(
                .client, smuxVersion: Int(client.smuxVersion), usesCompression: client.usesCompression,
                shards: clientShards),
            server: try SessionPair.configuration(
                .server, smuxVersion: Int(server.smuxVersion), usesCompression: server.usesCompression,
                shards: serverShards, isStrict: isStrict))
    }

    /// Opens a stream that carries bytes both ways.
    private static func exchange(_ pair: SessionPair, byteCount: Int = 5000) throws {
        let opened = pair.client.openStream()
        let id = try #require(opened)
        pair.client.announce(id, byteCount: byteCount)
        pair.run(milliseconds: 200)
        pair.server.announce(id, byteCount: byteCount)
        pair.run(milliseconds: 500)
        #expect(pair.serverSide.received[id]?.count == byteCount)
        #expect(pair.clientSide.received[id]?.count == byteCount)
    }

    @Test(arguments: profiles, profiles)
    func `the server answers in the client's way`(client: StreamProfile, server: StreamProfile) throws {
        let pair = try Self.pair(client: client, server: server)
        try Self.exchange(pair)
        #expect(pair.clientFailure == nil)
        #expect(pair.serverFailure == nil)
        #expect(pair.takeServerNotices() == [.profileFound(client)])
        #expect(pair.takeServerNotices() == [])
    }

    @Test(arguments: profiles, 1...12)
    func `the stream's beginning may be cut anywhere`(client: StreamProfile, pieceByteCount: Int) throws {
        let bytes = try Self.beginning(client)
        var path = StreamPath(
            configuration: try SessionPair.configuration(.server), scratch: FrameScratch(),
            now: Instant(milliseconds: 0))
        let application = RecordingApplication()
        for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
            let piece = Array(bytes[start..<min(start + pieceByteCount, bytes.count)])
            path.handleBytes(piece.span.bytes, now: Instant(milliseconds: 0), sink: application)
        }
        let (profile, failure) = (path.profile, path.failure)
        #expect(profile == client)
        #expect(failure == nil)
        #expect(application.opened == [StreamID(rawValue: 3)])
    }

    /// The first bytes that a client with this profile sends: an introduction and a SYN.
    private static func beginning(_ profile: StreamProfile) throws -> [UInt8] {
        var path = StreamPath(
            configuration: try SessionPair.configuration(
                .client, smuxVersion: Int(profile.smuxVersion), usesCompression: profile.usesCompression),
            scratch: FrameScratch(), now: Instant(milliseconds: 0))
        path.introduce()
        _ = path.multiplexer.openStream()
        var conversation = Conversation(
            id: 1,
            configuration: KCP.Configuration(
                mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: 8, receiveWindow: 8))
        _ = path.pump(into: &conversation, source: RecordingApplication())
        conversation.flush(now: Instant(milliseconds: 0))
        var slab = PacketSlab(slotCount: 1)
        _ = conversation.pollPackets(into: &slab, limit: 1, now: Instant(milliseconds: 0))
        return Array([UInt8](copying: slab.bytes(at: 0)).dropFirst(SegmentHeader.byteCount))
    }

    @Test func `a server that has heard nothing says nothing, and gives up in time`() throws {
        let pair = try Self.pair(client: Self.profiles[0], server: Self.profiles[1])
        var slab = PacketSlab(slotCount: 128)
        for second in 1...44 {
            let now = Instant(milliseconds: 1000 + UInt64(second) * 1000)
            pair.server.handleTimeout(now: now)
            let count = pair.server.pollDatagrams(into: &slab, now: now, source: pair.serverSide)
            #expect(count == 0)
        }
        #expect(pair.serverFailure == nil)
        pair.server.handleTimeout(now: Instant(milliseconds: 46_000))
        #expect(pair.serverFailure == .multiplexer(.peerSilent))
    }

    @Test(arguments: [[0x47], [0x00, 0x01], [0xFE, 0, 0, 0]] as [[UInt8]])
    func `what is neither smux nor snappy ends the session`(bytes: [UInt8]) throws {
        #expect(try Self.failure(of: bytes) == .unknownStream(firstByte: bytes[0]))
    }

    @Test(
        arguments: [
            ([0xFF, 6, 0, 0, 0x73, 0x4E, 0x61, 0x50, 0x70, 0x58], .compression(.badIdentifier)),
            ([0xFF, 7, 0, 0], .compression(.badIdentifier)),
            ([1, 9, 0, 0, 0, 0, 0, 0], .multiplexer(.unknownCommand(9))),
            ([2, 0, 5, 0, 3, 0, 0, 0], .multiplexer(.unexpectedLength(command: 0, byteCount: 5))),
            ([1, 4, 8, 0, 3, 0, 0, 0], .multiplexer(.windowUpdateInVersion1)),
        ] as [([UInt8], SessionFailure)])
    func `what only begins like it does so too`(bytes: [UInt8], failure: SessionFailure) throws {
        #expect(try Self.failure(of: bytes) == failure)
    }

    private static func failure(of bytes: [UInt8]) throws -> SessionFailure? {
        var path = StreamPath(
            configuration: try SessionPair.configuration(.server), scratch: FrameScratch(),
            now: Instant(milliseconds: 0))
        path.handleBytes(bytes.span.bytes, now: Instant(milliseconds: 0), sink: RecordingApplication())
        return path.failure
    }

    // MARK: Strict

    @Test(arguments: profiles, profiles)
    func `a strict server takes only its own profile, and a client of ours is told`(
        client: StreamProfile, server: StreamProfile
    ) throws {
        let pair = try Self.pair(client: client, server: server, isStrict: true)
        guard client != server else { return try Self.exchange(pair) }
        _ = pair.client.openStream()
        pair.run(milliseconds: 100)
        #expect(pair.serverFailure == .profileMismatch(peer: client))
        #expect(pair.clientFailure == .refusedByServer)
        #expect(pair.serverSide.opened.isEmpty)
    }

    @Test(arguments: profiles, profiles)
    func `a client names what its server uses`(client: StreamProfile, server: StreamProfile) throws {
        var path = StreamPath(
            configuration: try SessionPair.configuration(
                .client, smuxVersion: Int(client.smuxVersion), usesCompression: client.usesCompression),
            scratch: FrameScratch(), now: Instant(milliseconds: 0))
        let bytes = try Self.beginning(server)
        path.handleBytes(bytes.span.bytes, now: Instant(milliseconds: 0), sink: RecordingApplication())
        let failure = path.failure
        #expect(failure == (client == server ? nil : .profileMismatch(peer: server)))
    }

    // MARK: FEC

    @Test(arguments: [(0, 0), (10, 3), (5, 5)], [(0, 0), (10, 3)])
    func `the server frames its packets as the client does`(client: (Int, Int), server: (Int, Int)) throws {
        let pair = try Self.pair(
            client: Self.profiles[0], server: Self.profiles[0], clientShards: client, serverShards: server)
        // Parity flows from the second exchange on: in the first the ends get to know each other.
        for _ in 0..<2 { try Self.exchange(pair, byteCount: 200_000) }
        let sent = pair.serverStatistics.parityEncoder
        #expect((sent.dataPackets > 0) == (client.0 > 0))
        #expect((sent.parityPackets > 0) == (client.0 > 0))
    }

    @Test(arguments: [((5, 5), (10, 3), (10, 3)), ((5, 5), (0, 0), (5, 5)), ((10, 40), (0, 0), nil)])
    func `programs of ours get the server's parity, or the client's`(
        client: (Int, Int), server: (Int, Int), expected: (Int, Int)?
    ) throws {
        let pair = try Self.pair(
            client: Self.profiles[0], server: Self.profiles[0], clientShards: client, serverShards: server)
        // Parity flows from the second exchange on: in the first the ends get to know each other.
        for _ in 0..<2 { try Self.exchange(pair, byteCount: 200_000) }
        let started = pair.takeServerNotices().compactMap { notice in
            if case .parityStarted(let data, let parity) = notice { (data, parity) } else { nil }
        }
        #expect(started.count == (expected == nil ? 0 : 1))
        #expect(started.first?.0 == expected?.0)
        #expect(started.first?.1 == expected?.1)
    }

    @Test(arguments: [(0, 0), (10, 3)])
    func `a strict server frames its packets as it is set`(server: (Int, Int)) throws {
        let pair = try Self.pair(
            client: Self.profiles[0], server: Self.profiles[0], isStrict: true, clientShards: (5, 5),
            serverShards: server)
        try Self.exchange(pair, byteCount: 100_000)
        #expect((pair.serverStatistics.parityEncoder.dataPackets > 0) == (server.0 > 0))
    }

    // MARK: A server that has forgotten the session

    @Test func `a client notices that the server has started anew`() throws {
        let pair = try Self.pair(client: Self.profiles[0], server: Self.profiles[0])
        try Self.exchange(pair)
        let again = try Self.pair(client: Self.profiles[0], server: Self.profiles[0])
        swap(&pair.server, &again.server)
        pair.client.probePeer()
        pair.run(milliseconds: 100)
        #expect(pair.clientFailure == .forgottenByServer)
    }
}
