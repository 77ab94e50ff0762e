import Ciphers
import PacketPrimitives
import Smux
import Testing

@testable import TunnelCore

/// A mismatch of QPP is named: for certain between two programs of ours, by what streams look like otherwise.
struct PermutationWatchTests {
    private static let pads = Result { try PermutationPads(key: "a key", count: 61) }

    // MARK: Programs of ours

    @Test(arguments: [true, false])
    func `two programs of ours tell each other and refuse`(clientPermutes: Bool) throws {
        let pads = try Self.pads.get()
        let pair = SessionPair(
            client: try SessionPair.configuration(.client, permutation: clientPermutes ? pads : nil),
            server: try SessionPair.configuration(.server, permutation: clientPermutes ? nil : pads))
        let opened = pair.client.openStream()
        pair.client.announce(try #require(opened), byteCount: 100)
        pair.run(milliseconds: 100)
        #expect(pair.serverFailure == .permutationMismatch(peerPermutes: clientPermutes))
        #expect(pair.clientFailure == .permutationMismatch(peerPermutes: !clientPermutes))
        #expect(pair.serverSide.received.isEmpty, "garbage has reached the application")
    }

    @Test(arguments: [true, false])
    func `two that agree go on`(permutes: Bool) throws {
        let pads = try Self.pads.get()
        let pair = SessionPair(
            client: try SessionPair.configuration(.client, permutation: permutes ? pads : nil),
            server: try SessionPair.configuration(.server, permutation: permutes ? pads : nil))
        let opened = pair.client.openStream()
        let id = try #require(opened)
        pair.client.announce(id, byteCount: 3000)
        pair.run(milliseconds: 100)
        #expect(pair.serverSide.received[id] == (0..<3000).map(RecordingApplication.byte))
        #expect(pair.clientSide.introductions.count == 1)
    }

    // MARK: The original

    /// What a watch concludes from the first bytes of streams.
    private static func finding(
        _ streams: [[UInt8]], permutes: Bool, pads: PermutationPads?
    ) throws -> PermutationWatch.Finding {
        let watch = PermutationWatch(permutes: permutes, pads: pads)
        let application = RecordingApplication()
        watch.sink = application
        for (index, bytes) in streams.enumerated() {
            watch.stream(StreamID(rawValue: UInt32(3 + 2 * index)), received: bytes.span.bytes)
        }
        #expect(application.received.count == streams.count, "payload was kept back")
        return watch.finding
    }

    private static func permuted(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = PermutationStream(pads: try Self.pads.get())
        var bytes = bytes
        var span = bytes.mutableSpan
        var memory = span.mutableBytes
        stream.encrypt(&memory)
        return bytes
    }

    private static let beginnings: [[UInt8]] = [
        Array("GET / HTTP/1.1\r\n".utf8), Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), Array("HTTP/1.1 200 OK".utf8),
        [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3], [5, 1, 0],
    ]

    @Test(arguments: beginnings)
    func `plain data at an end with QPP is suspicious`(bytes: [UInt8]) throws {
        let pads = try Self.pads.get()
        #expect(try Self.finding([bytes], permutes: true, pads: pads) == .suspected)
        #expect(try Self.finding([Self.permuted(bytes)], permutes: true, pads: pads) == .nothing)
    }

    @Test(arguments: beginnings)
    func `permuted data at an end without QPP is suspicious`(bytes: [UInt8]) throws {
        let pads = try Self.pads.get()
        #expect(try Self.finding([Self.permuted(bytes)], permutes: false, pads: pads) == .suspected)
        #expect(try Self.finding([bytes], permutes: false, pads: pads) == .nothing)
        #expect(try Self.finding([Self.permuted(bytes)], permutes: false, pads: nil) == .nothing)
    }

    @Test func `only the first streams are looked at`() throws {
        let quiet = [[UInt8]](repeating: [0, 0, 0, 0, 0, 0, 0, 0], count: 4)
        let pads = try Self.pads.get()
        #expect(
            try Self.finding(Array(quiet.dropLast()) + [Self.beginnings[0]], permutes: true, pads: pads) == .suspected)
        #expect(try Self.finding(quiet + [Self.beginnings[0]], permutes: true, pads: pads) == .nothing)
    }

    @Test(arguments: [true, false])
    func `ordinary data raises no alarm`(permutes: Bool) throws {
        let random = SeededRandomSource(seed: 11)
        let pads = try Self.pads.get()
        for _ in 0..<5000 {
            let streams = (0..<4).map { _ in
                (0..<16).map { _ in UInt8(truncatingIfNeeded: random.next() as UInt64) }
            }
            #expect(try Self.finding(streams, permutes: permutes, pads: pads) == .nothing)
        }
    }

    @Test func `what looks strange is reported once and the session goes on`() throws {
        let pads = try Self.pads.get()
        let configuration = try SessionPair.configuration(.server, usesCompression: false, permutation: pads)
        var path = StreamPath(configuration: configuration, scratch: FrameScratch(), now: Instant(milliseconds: 0))
        let application = RecordingApplication()
        let payload = Self.beginnings[0]
        for id in [UInt8(3), 5] {
            let bytes = [2, 0, 0, 0, id, 0, 0, 0, 2, 2, UInt8(payload.count), 0, id, 0, 0, 0] + payload
            path.handleBytes(bytes.span.bytes, now: Instant(milliseconds: 0), sink: application)
        }
        #expect(path.notices.filter { $0 == .permutationSuspected(peerPermutes: false) }.count == 1)
        let failure = path.failure
        #expect(failure == nil)
        #expect(application.opened.count == 2)
    }
}
