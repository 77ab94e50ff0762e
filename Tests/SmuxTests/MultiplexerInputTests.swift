import Testing

@testable import Smux

@Suite struct MultiplexerInputTests {
    private static let junk: [(version: Int, bytes: [UInt8], error: ProtocolError)] = [
        (2, frame(1, .noOperation, 0), .versionMismatch(received: 1, expected: 2)),
        (1, frame(2, .noOperation, 0), .versionMismatch(received: 2, expected: 1)),
        (1, [1, 4, 8, 0, 3, 0, 0, 0], .windowUpdateInVersion1),
        (2, [2, 5, 0, 0, 0, 0, 0, 0], .unknownCommand(5)),
        (2, [2, 0, 1, 0, 3, 0, 0, 0], .unexpectedLength(command: 0, byteCount: 1)),
        (1, [1, 1, 0, 1, 3, 0, 0, 0], .unexpectedLength(command: 1, byteCount: 256)),
        (2, [2, 3, 2, 0, 0, 0, 0, 0], .unexpectedLength(command: 3, byteCount: 2)),
        (2, [2, 4, 7, 0, 3, 0, 0, 0], .unexpectedLength(command: 4, byteCount: 7)),
    ]

    @Test(arguments: Self.junk.indices) func `a frame out of the protocol ends the session`(index: Int) throws {
        let (version, bytes, error) = Self.junk[index]
        let endpoint = try Endpoint(.client, version: version)
        _ = try endpoint.open()
        #expect(endpoint.receive(bytes) == .failed(error))
        #expect(endpoint.receive(frame(UInt8(version), .noOperation, 0)) == .failed(error))
        #expect(endpoint.failure == error)
        #expect(endpoint.multiplexer.openStream() == nil)
        #expect(!endpoint.hasFrames && endpoint.poll() == nil)
        #expect(endpoint.multiplexer.nextTimeout == nil && !endpoint.wantsInput)
        #expect(!error.description.isEmpty)
    }

    @Test func `what came before the junk is delivered`() throws {
        let server = try Endpoint(.server, version: 2)
        server.receive(frame(2, .synchronize, 3) + frame(2, .push, 3, [9]) + [7] + [UInt8](repeating: 0, count: 7))
        #expect(server.application.received[StreamID(rawValue: 3)] == [9])
        #expect(server.failure == .versionMismatch(received: 7, expected: 2))
    }

    @Test(arguments: 1...17) func `frames may be cut anywhere`(pieceByteCount: Int) throws {
        let server = try Endpoint(.server, version: 2)
        let id = StreamID(rawValue: 3)
        server.receive(frame(2, .synchronize, 3))
        server.write([UInt8](repeating: 1, count: 300_000), to: id)
        _ = server.pollAll()
        let bytes =
            frame(2, .push, 3, Array(0..<100)) + windowUpdate(3, consumed: 5, window: 262_144)
            + frame(2, .push, 3, Array(100..<120)) + frame(2, .finish, 3)
        for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
            #expect(server.receive(bytes[start..<min(bytes.count, start + pieceByteCount)]) == .accepted)
        }
        #expect(server.application.received[id] == Array(0..<120))
        #expect(server.application.finished == [id])
        #expect(server.pollAll().map(\.header.payloadByteCount) == [5])
    }

    @Test func `the longest frame is accepted`() throws {
        let server = Endpoint(.server, configuration: try Configuration(maximumFrameByteCount: 10))
        let payload = (0..<65535).map { UInt8(truncatingIfNeeded: $0 * 7) }
        server.receive(frame(2, .synchronize, 3) + frame(2, .push, 3, payload))
        #expect(server.application.received[StreamID(rawValue: 3)] == payload)
    }

    @Test func `an empty frame is ignored`() throws {
        let server = try Endpoint(.server, version: 1)
        server.receive(frame(1, .synchronize, 3) + frame(1, .push, 3) + frame(1, .push, 3, [1]))
        #expect(server.application.received[StreamID(rawValue: 3)] == [1])
    }

    @Test func `a second SYN is ignored`() throws {
        let server = try Endpoint(.server, version: 2)
        server.receive(frame(2, .synchronize, 3) + frame(2, .push, 3, [1]) + frame(2, .synchronize, 3))
        #expect(server.application.opened == [StreamID(rawValue: 3)])
        #expect(server.multiplexer.streamCount == 1)
    }

    @Test(arguments: [
        frame(2, .push, 99, [1, 2, 3]), frame(2, .finish, 99), windowUpdate(99, consumed: 5, window: 5),
    ])
    func `frames for an unknown stream are ignored`(bytes: [UInt8]) throws {
        let client = try Endpoint(.client, version: 2)
        #expect(client.receive(bytes + frame(2, .noOperation, 0)) == .accepted)
        #expect(client.multiplexer.statistics.receivedFrameCount == 2)
        #expect(client.multiplexer.statistics.discardedByteCount == (bytes[1] == 2 ? 3 : 0))
        #expect(client.application.received.isEmpty && client.application.finished.isEmpty)
        #expect(client.multiplexer.bucket == client.multiplexer.configuration.receiveBufferByteCount)
    }

    @Test func `payload behind a FIN is discarded`() throws {
        let server = try Endpoint(.server, version: 2)
        server.receive(frame(2, .synchronize, 3) + frame(2, .finish, 3) + frame(2, .push, 3, [1]))
        #expect(server.application.received.isEmpty)
        #expect(server.multiplexer.statistics.discardedByteCount == 1)
    }

    @Test func `streams beyond the limit get a FIN`() throws {
        let server = Endpoint(.server, configuration: try Configuration(maximumStreamCount: 2))
        server.receive(([3, 5, 7, 9] as [UInt32]).flatMap { frame(2, .synchronize, $0) })
        #expect(server.application.opened.map(\.rawValue) == [3, 5])
        #expect(Set(server.pollAll()) == [frame(2, .finish, 7), frame(2, .finish, 9)])
        #expect(server.multiplexer.statistics.refusedStreamCount == 2)
    }

    @Test(arguments: [1, 2]) func `where the peer may open none its streams get a FIN`(version: Int) throws {
        let client = try Endpoint(.client, version: version)
        client.multiplexer.acceptsStreams = false
        let wire = UInt8(version)
        client.receive(frame(wire, .synchronize, 2) + frame(wire, .push, 2, [1]) + frame(wire, .finish, 2))
        #expect(client.application.opened.isEmpty && client.application.received.isEmpty)
        #expect(client.pollAll() == [frame(wire, .finish, 2)])
        #expect(client.multiplexer.statistics.refusedStreamCount == 1)
        #expect(client.multiplexer.streamCount == 0)
    }

    @Test(arguments: [1, 2]) func `a full bucket asks for no more input until bytes are consumed`(version: Int) throws {
        let server = Endpoint(
            .server,
            configuration: try Configuration(
                version: version, receiveBufferByteCount: 100, streamBufferByteCount: 100))
        let wire = UInt8(version)
        server.receive(frame(wire, .synchronize, 3) + frame(wire, .push, 3, [UInt8](repeating: 0, count: 99)))
        #expect(server.wantsInput)
        server.receive(frame(wire, .push, 3, [1, 2]))
        #expect(!server.wantsInput && server.multiplexer.bucket == -1)
        server.consume(StreamID(rawValue: 3), byteCount: 1)
        #expect(!server.wantsInput)
        server.consume(StreamID(rawValue: 3), byteCount: 1)
        #expect(server.wantsInput)
    }

    @Test func `a peer that consumed more than was sent ends the session`() throws {
        let client = try Endpoint(.client, version: 2)
        client.write([1, 2, 3], to: try client.open())
        _ = client.pollAll()
        #expect(client.receive(windowUpdate(3, consumed: 3, window: 9)) == .accepted)
        #expect(
            client.receive(windowUpdate(3, consumed: 4, window: 9))
                == .failed(.consumedMoreThanSent(StreamID(rawValue: 3))))
    }
}
