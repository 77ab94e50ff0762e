import Testing

@testable import Smux

@Suite struct MultiplexerTests {
    @Test func `a client counts odd ids from 3`() throws {
        let client = try Endpoint(.client, version: 2)
        #expect(try (0..<3).map { _ in try client.open().rawValue } == [3, 5, 7])
    }

    @Test func `a server counts even ids from 2`() throws {
        let server = try Endpoint(.server, version: 2)
        #expect(try (0..<2).map { _ in try server.open().rawValue } == [2, 4])
    }

    @Test func `an id that the peer has taken is passed over`() throws {
        let client = try Endpoint(.client, version: 2)
        client.receive([2, 0, 0, 0, 5, 0, 0, 0])
        #expect(try (0..<2).map { _ in try client.open().rawValue } == [3, 7])
    }

    @Test(arguments: [(Role.client, UInt32.max), (.server, UInt32.max - 1)])
    func `ids that are used up leave the other streams alone`(role: Role, last: UInt32) throws {
        let endpoint = try Endpoint(role, version: 2)
        endpoint.multiplexer.lastOpenedID = last - 2
        #expect(try endpoint.open().rawValue == last)
        #expect(endpoint.multiplexer.openStream() == nil)
        #expect(endpoint.multiplexer.openStream() == nil)
        #expect(endpoint.failure == nil)
    }

    @Test func `a stream goes when both have finished, in whatever order`() throws {
        for weFinishFirst in [true, false] {
            let client = try Endpoint(.client, version: 2)
            let id = try client.open()
            if weFinishFirst { client.multiplexer.finish(id) }
            _ = client.pollAll()
            #expect(client.multiplexer.streamCount == 1)
            client.receive(frame(2, .finish, id.rawValue))
            if !weFinishFirst {
                #expect(client.multiplexer.streamCount == 1)
                client.multiplexer.finish(id)
                _ = client.pollAll()
            }
            #expect(client.multiplexer.streamCount == 0)
        }
    }

    @Test func `after our FIN the peer is still heard`() throws {
        let client = try Endpoint(.client, version: 2)
        let id = try client.open()
        client.multiplexer.finish(id)
        _ = client.pollAll()
        client.receive(frame(2, .push, id.rawValue, [1, 2, 3]))
        #expect(client.application.received[id] == [1, 2, 3])
    }

    @Test func `after the peer's FIN we still send`() throws {
        let server = try Endpoint(.server, version: 2)
        server.receive(frame(2, .synchronize, 3) + frame(2, .finish, 3))
        server.write("late", to: StreamID(rawValue: 3))
        server.multiplexer.finish(StreamID(rawValue: 3))
        #expect(server.pollAll() == [frame(2, .push, 3, Array("late".utf8)), frame(2, .finish, 3)])
        #expect(server.multiplexer.streamCount == 0)
    }

    @Test func `a stream stays until what it received is consumed`() throws {
        let server = try Endpoint(.server, version: 1)
        let id = StreamID(rawValue: 3)
        server.receive(frame(1, .synchronize, 3) + frame(1, .push, 3, [1, 2, 3]) + frame(1, .finish, 3))
        server.multiplexer.finish(id)
        _ = server.pollAll()
        #expect(server.multiplexer.streamCount == 1)
        server.consume(id)
        #expect(server.multiplexer.streamCount == 0)
        #expect(server.multiplexer.bucket == server.multiplexer.configuration.receiveBufferByteCount)
    }

    @Test func `an abandoned stream drops its bytes, sends FIN and is forgotten`() throws {
        let client = try Endpoint(.client, version: 2)
        let id = try client.open()
        _ = client.pollAll()
        client.write("never sent", to: id)
        client.abandon(id)
        #expect(client.pollAll() == [frame(2, .finish, 3)])
        #expect(client.multiplexer.streamCount == 0)
    }

    @Test func `a stream abandoned before its SYN was never there`() throws {
        let client = try Endpoint(.client, version: 2)
        client.abandon(try client.open())
        #expect(client.pollAll().isEmpty)
        #expect(client.multiplexer.streamCount == 0)
    }

    @Test(arguments: [1, 2]) func `abandoning gives the bucket back, now and later`(version: Int) throws {
        let server = try Endpoint(.server, version: version)
        let (id, wire) = (StreamID(rawValue: 3), UInt8(version))
        server.receive(frame(wire, .synchronize, 3) + frame(wire, .push, 3, [1, 2, 3]))
        #expect(server.multiplexer.bucket == server.multiplexer.configuration.receiveBufferByteCount - 3)
        server.abandon(id)
        server.receive(frame(wire, .push, 3, [4, 5]))
        #expect(server.pollAll() == [frame(wire, .finish, 3)])
        server.receive(frame(wire, .push, 3, [6]))
        server.multiplexer.consumed(id, byteCount: 3)
        #expect(server.multiplexer.bucket == server.multiplexer.configuration.receiveBufferByteCount)
        #expect(server.application.received[id] == [1, 2, 3])
        #expect(server.multiplexer.statistics.discardedByteCount == 3)
    }

    @Test func `payload that nobody reads keeps the window open`() throws {
        let server = Endpoint(.server, configuration: try Configuration(streamBufferByteCount: 1000))
        server.receive(frame(2, .synchronize, 3) + frame(2, .push, 3, [1]))
        server.multiplexer.stopReading(StreamID(rawValue: 3))
        #expect(server.pollAll() == [windowUpdate(3, consumed: 1, window: 1000)])
        server.receive(frame(2, .push, 3, [UInt8](repeating: 0, count: 600)))
        #expect(server.pollAll() == [windowUpdate(3, consumed: 601, window: 1000)])
        #expect(server.application.received[StreamID(rawValue: 3)] == [1])
        #expect(server.multiplexer.bucket == server.multiplexer.configuration.receiveBufferByteCount)
    }

    @Test func `a capable peer is told by a second FIN that nobody reads`() throws {
        let (client, server) = (try Endpoint(.client, version: 2), try Endpoint(.server, version: 2))
        server.multiplexer.introduce()
        client.multiplexer.introduce()
        client.receive(server.pollAll().joined())
        let id = try client.open()
        server.receive(client.pollAll().joined())
        server.write([UInt8](repeating: 7, count: 1_000_000), to: id)
        client.abandon(id)
        let frames = client.pollAll()
        #expect(frames == [frame(2, .finish, 3), frame(2, .finish, 3)])
        server.receive(frames.joined())
        #expect(server.application.finished == [id])
        #expect(server.application.aborted == [id])
        #expect(server.multiplexer.streamCount == 0)
        #expect(!server.pollAll().map(\.header.command).contains(.push))
    }

    @Test func `a stream that had finished before is abandoned with one more FIN`() throws {
        let client = try Endpoint(.client, version: 1)
        client.receive(frame(1, .noOperation, 0x5357_4B03))
        let id = try client.open()
        client.multiplexer.finish(id)
        _ = client.pollAll()
        client.abandon(id)
        #expect(client.pollAll() == [frame(1, .finish, 3)])
        #expect(client.multiplexer.streamCount == 0)
    }

    @Test func `a second FIN of the original means nothing`() throws {
        let server = try Endpoint(.server, version: 2)
        server.receive(frame(2, .synchronize, 3) + frame(2, .finish, 3) + frame(2, .finish, 3))
        #expect(server.application.finished.count == 1)
        #expect(server.application.aborted.isEmpty)
        #expect(server.multiplexer.streamCount == 1)
    }

    @Test func `payload for a stream that is gone is answered by FIN`() throws {
        let server = try Endpoint(.server, version: 1)
        server.receive(frame(1, .noOperation, 0x5357_4B03))
        server.receive(frame(1, .push, 3, [1, 2]) + frame(1, .push, 3, [3]))
        #expect(server.pollAll() == [frame(1, .finish, 3)])
    }

    @Test func `payload of the original for a stream that is gone is passed over`() throws {
        let server = try Endpoint(.server, version: 1)
        server.receive(frame(1, .push, 3, [1, 2]))
        #expect(server.pollAll().isEmpty)
    }

    @Test func `a peer of our kind is told the real window at once`() throws {
        let server = try Endpoint(.server, version: 2)
        server.receive(frame(2, .noOperation, 0x5357_4B01) + frame(2, .synchronize, 3))
        #expect(server.pollAll() == [windowUpdate(3, consumed: 0, window: 2_097_152)])
        server.receive(frame(2, .push, 3, [1]))
        server.consume(StreamID(rawValue: 3))
        #expect(server.pollAll().isEmpty)
    }

    @Test func `calls for a forgotten stream do nothing`() throws {
        let client = try Endpoint(.client, version: 2)
        let id = StreamID(rawValue: 99)
        client.multiplexer.announce(id, byteCount: 5)
        client.multiplexer.finish(id)
        client.multiplexer.stopReading(id)
        client.multiplexer.abandon(id)
        client.multiplexer.consumed(id, byteCount: 5)
        #expect(client.pollAll().isEmpty)
        #expect(client.multiplexer.bucket == client.multiplexer.configuration.receiveBufferByteCount)
    }

    @Test func `two thousand streams leave nothing behind`() throws {
        let (client, server) = (try Endpoint(.client, version: 2), try Endpoint(.server, version: 2))
        let ids = try (0..<2000).map { _ in try client.open() }
        server.receive(client.pollAll().joined())
        #expect(server.multiplexer.streamCount == 2000)
        #expect(!client.hasFrames && !server.hasFrames)
        for id in ids {
            client.multiplexer.finish(id)
            server.multiplexer.finish(id)
        }
        server.receive(client.pollAll().joined())
        client.receive(server.pollAll().joined())
        #expect(client.multiplexer.streamCount == 0 && server.multiplexer.streamCount == 0)
        #expect(client.multiplexer.table.slotCount <= 64 && server.multiplexer.table.slotCount <= 64)
    }

    @Test func `announcing on a finished stream is our bug`() async {
        await #expect(processExitsWith: .failure) {
            let client = try Endpoint(.client, version: 2)
            let id = try client.open()
            client.multiplexer.finish(id)
            client.multiplexer.announce(id, byteCount: 1)
        }
    }

    @Test func `consuming more than was received is our bug`() async {
        await #expect(processExitsWith: .failure) {
            let client = try Endpoint(.client, version: 2)
            client.multiplexer.consumed(try client.open(), byteCount: 1)
        }
    }
}
