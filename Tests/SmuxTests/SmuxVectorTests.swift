import PacketPrimitives
import TestSupport
import Testing

@testable import Smux

/// `smux_transcripts.json`: frames must be equal byte for byte. The transcripts describe each step in words; a step
/// whose words are not known here fails the test.
@Suite struct SmuxVectorTests {
    struct File: Decodable { var transcripts: [Transcript] }

    struct Transcript: Decodable, Sendable {
        var name: String
        var role: String?
        var version: Int?
        var events: [Event]?
        var cases: [Event]?
        var output: [Output]?
    }

    struct Event: Decodable, Sendable {
        var `do`: String?
        var `case`: String?
        var input: Hex?
        var inputLen: Int?
        var output: [Output]?
        var outputSummary: Summary?
    }

    struct Output: Decodable, Sendable {
        var ver: UInt8
        var cmd: UInt8
        var len: UInt16
        var sid: UInt32
        var hex: Hex?
    }

    struct Summary: Decodable, Sendable {
        var pshBytes: Int
        var pshFrames: Int
        var lastPshLen: Int?
    }

    static func transcripts() throws -> [Transcript] {
        try Vectors.load("smux_transcripts.json", as: File.self).transcripts
    }

    private func transcript(_ name: String) throws -> Transcript {
        try #require(try Self.transcripts().first { $0.name == name })
    }

    @Test(arguments: [
        "v1 client basic", "v1 framing", "v1 server basic", "v2 client basic", "v2 framing", "v2 server basic",
    ])
    func `the conversation is frame for frame that of the original`(name: String) throws {
        let transcript = try self.transcript(name)
        let endpoint = try Endpoint(
            transcript.role == "client" ? .client : .server, version: try #require(transcript.version))
        var player = TranscriptPlayer(endpoint: endpoint)
        for event in try #require(transcript.events) {
            let text = try #require(event.do)
            if let input = event.input { #expect(endpoint.receive(input.bytes) == .accepted, "\(text)") }
            try player.perform(text)
            self.expect(player.pollUnlessDeferred(text), equals: event.output ?? [], text)
        }
    }

    private func expect(_ frames: [[UInt8]], equals output: [Output], _ text: String) {
        #expect(frames.count == output.count, "\(text)")
        for (frame, expected) in zip(frames, output) {
            if let hex = expected.hex { #expect(frame.hex == hex.description, "\(text)") }
            #expect(frame.header.version == expected.ver && frame.header.commandByte == expected.cmd, "\(text)")
            #expect(
                frame.header.payloadByteCount == expected.len && frame.header.stream.rawValue == expected.sid,
                "\(text)")
            #expect(frame.count == 8 + Int(expected.len), "\(text)")
        }
    }

    @Test func `the sender uses the window exactly`() throws {
        let client = try Endpoint(.client, version: 2)
        let id = try client.open()
        client.write([UInt8](repeating: 0, count: 700_000), to: id)
        _ = client.poll()
        for event in try #require(try self.transcript("v2 sender window").events) {
            if let input = event.input { #expect(client.receive(input.bytes) == .accepted) }
            guard let summary = event.outputSummary else { continue }
            let pushes = client.pollAll().map(\.header)
            #expect(pushes.count == summary.pshFrames)
            #expect(pushes.reduce(0) { $0 + Int($1.payloadByteCount) } == summary.pshBytes)
            #expect(pushes.last.map { Int($0.payloadByteCount) } == summary.lastPshLen)
        }
        #expect(client.multiplexer.statistics.sentPayloadByteCount == 700_000)
        #expect(
            client.receive(windowUpdate(3, consumed: 800_000, window: 2_097_152)) == .failed(.consumedMoreThanSent(id)))
    }

    @Test func `the receiver reports at the same points`() throws {
        let server = Endpoint(.server, configuration: try Configuration(streamBufferByteCount: 1000))
        server.receive(frame(2, .synchronize, 3))
        for event in try #require(try self.transcript("v2 receiver UPD cadence").events) {
            let text = try #require(event.do)
            if let byteCount = event.inputLen {
                server.receive(frame(2, .push, 3, [UInt8](repeating: 0, count: byteCount - 8)))
            } else if let match = text.wholeMatch(of: /read -> (\d+)/) {
                let byteCount: Int = try #require(Int(String(match.1)))
                server.consume(StreamID(rawValue: 3), byteCount: byteCount)
            }
            self.expect(server.pollAll(), equals: event.output ?? [], text)
        }
    }

    @Test func `each protocol error is refused`() throws {
        let transcript = try self.transcript("protocol errors")
        let cases = try #require(transcript.events ?? transcript.cases)
        #expect(cases.count == 5)
        for event in cases {
            let name = try #require(event.case)
            let version = name.hasPrefix("v1") ? 1 : 2
            let endpoint = try Endpoint(.server, version: version)
            let result = endpoint.receive(try #require(event.input).bytes)
            #expect(result != .accepted, "\(name)")
        }
    }

    @Test func `signs of life are those of the original`() throws {
        let transcript = try self.transcript("keepalive 1 s, 2.2 s of idling")
        let client = Endpoint(.client, configuration: try Configuration(keepAliveIntervalSeconds: 1))
        var frames: [[UInt8]] = []
        while let timeout = client.multiplexer.nextTimeout, timeout <= Instant(milliseconds: 2200) {
            _ = client.multiplexer.handleTimeout(now: timeout)
            frames += client.pollAll()
        }
        self.expect(frames, equals: try #require(transcript.output), "keepalive")
    }

    @Test func `every transcript has its test`() throws {
        #expect(try Self.transcripts().count == 10)
    }
}

/// Does what the words of a transcript say.
struct TranscriptPlayer {
    let endpoint: Endpoint
    private var opened: [StreamID] = []
    private var readByteCounts: [StreamID: Int] = [:]

    init(endpoint: Endpoint) { self.endpoint = endpoint }

    /// The frames that the step made; those of the last step of a pair come with its second line.
    func pollUnlessDeferred(_ text: String) -> [[UInt8]] {
        text.hasPrefix("server opens a stream itself") ? [] : self.endpoint.pollAll()
    }

    mutating func perform(_ text: String) throws {
        if text.hasPrefix("peer ") || text.hasPrefix("duplicate SYN") { return }
        if text == "open" || text.contains(/opens (a )?stream/) { return self.opened.append(try self.endpoint.open()) }
        if try self.performWrite(text) || self.performRead(text) { return }
        if let match = text.wholeMatch(of: /(client|server) closes (stream|sid) (\d+)/) {
            let number = try #require(Int(String(match.3)))
            return self.endpoint.abandon(
                match.2 == "stream" ? self.opened[number - 1] : StreamID(rawValue: UInt32(number)))
        }
        if let match = text.wholeMatch(of: /(server accepts )?id=(\d+)/) {
            let id = StreamID(rawValue: try #require(UInt32(String(match.2))))
            #expect((self.endpoint.application.opened + self.opened).contains(id), "\(text)")
            return
        }
        Issue.record("a step that nobody knows: \(text)")
    }

    private func performWrite(_ text: String) throws -> Bool {
        if text.contains("after FIN -> n=0 err=EOF") { return true }
        if let match = text.wholeMatch(of: /(client|server)? ?writes? '(.*)'( on (it|stream (\d+)))?/) {
            let number = match.5.flatMap { Int($0) }
            let id = number.map { self.opened[$0 - 1] } ?? self.opened.last ?? self.endpoint.application.opened[0]
            self.endpoint.write(String(match.2), to: id)
            return true
        }
        guard let match = text.wholeMatch(of: /write (\d+) zero bytes, framesize 8192/) else { return false }
        self.endpoint.write([UInt8](repeating: 0, count: try #require(Int(String(match.1)))), to: self.opened[0])
        return true
    }

    private mutating func performRead(_ text: String) throws -> Bool {
        guard let match = text.wholeMatch(of: /(?:client|server) reads (.*) -> "(.*)"( err=(<nil>|EOF))?.*/) else {
            return false
        }
        let id = StreamID(rawValue: 3)
        let expected = Array(match.2.utf8)
        if match.4 == "EOF" {
            #expect(self.endpoint.application.finished.contains(id) && expected.isEmpty, "\(text)")
            return true
        }
        let start = self.readByteCounts[id, default: 0]
        #expect(
            Array((self.endpoint.application.received[id] ?? []).dropFirst(start).prefix(expected.count)) == expected)
        self.readByteCounts[id] = start + expected.count
        self.endpoint.consume(id, byteCount: expected.count)
        return true
    }
}
