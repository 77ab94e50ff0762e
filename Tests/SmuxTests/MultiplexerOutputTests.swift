import Testing

@testable import Smux

@Suite struct MultiplexerOutputTests {
    @Test func `streams take turns frame by frame`() throws {
        let client = Endpoint(.client, configuration: try Configuration(maximumFrameByteCount: 10))
        for _ in 0..<3 { client.write([UInt8](repeating: 0, count: 25), to: try client.open()) }
        let pushes = client.pollAll().map(\.header).filter { $0.command == .push }
        #expect(pushes.map(\.stream.rawValue) == [3, 5, 7, 3, 5, 7, 3, 5, 7])
        #expect(pushes.map(\.payloadByteCount) == [10, 10, 10, 10, 10, 10, 5, 5, 5])
    }

    @Test func `control goes before data`() throws {
        let server = Endpoint(.server, configuration: try Configuration(maximumFrameByteCount: 10))
        server.receive(frame(2, .synchronize, 3) + frame(2, .push, 3, [1]))
        server.write([UInt8](repeating: 0, count: 25), to: StreamID(rawValue: 3))
        #expect(server.poll()?.header.command == .push)
        server.consume(StreamID(rawValue: 3))
        _ = try server.open()
        #expect(server.pollAll().map(\.header.command) == [.windowUpdate, .synchronize, .push, .push])
    }

    @Test func `FIN follows the last byte, without a frame of its own turn lost`() throws {
        let client = Endpoint(.client, configuration: try Configuration(maximumFrameByteCount: 10))
        let id = try client.open()
        client.write([UInt8](repeating: 0, count: 11), to: id)
        client.multiplexer.finish(id)
        #expect(client.pollAll().map(\.header.command) == [.synchronize, .push, .push, .finish])
    }

    @Test func `FIN waits for the window`() throws {
        let client = try Endpoint(.client, version: 2)
        let id = try client.open()
        client.write([UInt8](repeating: 0, count: 262_145), to: id)
        client.multiplexer.finish(id)
        #expect(client.pollAll().last?.header.command == .push)
        #expect(!client.hasFrames)
        client.receive(windowUpdate(3, consumed: 1, window: 262_144))
        #expect(client.pollAll().map(\.header.command) == [.push, .finish])
    }

    @Test func `a frame is not longer than asked for`() throws {
        let client = try Endpoint(.client, version: 1)
        client.write([UInt8](repeating: 0, count: 100), to: try client.open())
        _ = client.poll()
        #expect(client.poll(maximumByteCount: Multiplexer.minimumFrameLimit - 1) == nil)
        #expect(client.poll(maximumByteCount: Multiplexer.minimumFrameLimit)?.count == 16)
        #expect(client.poll(maximumByteCount: 50)?.count == 50)
        #expect(client.poll(maximumByteCount: 1000)?.count == 8 + 100 - 8 - 42)
        #expect(client.poll() == nil)
    }

    @Test func `the payload is what the application had, in order`() throws {
        let client = Endpoint(.client, configuration: try Configuration(version: 1, maximumFrameByteCount: 7))
        let id = try client.open()
        client.write(Array(0..<10), to: id)
        client.write(Array(10..<20), to: id)
        let payload = client.pollAll().dropFirst().flatMap { $0.dropFirst(8) }
        #expect(Array(payload) == Array(0..<20))
    }

    @Test func `version 1 knows no window`() throws {
        let client = try Endpoint(.client, version: 1)
        client.write([UInt8](repeating: 0, count: 1_000_000), to: try client.open())
        #expect(client.pollAll().reduce(0) { $0 + Int($1.header.payloadByteCount) } == 1_000_000)
    }

    @Test func `idle streams are in no list`() throws {
        let client = try Endpoint(.client, version: 2)
        for _ in 0..<2000 { _ = try client.open() }
        _ = client.pollAll()
        #expect(client.multiplexer.scheduler.control.isEmpty && client.multiplexer.scheduler.data.isEmpty)
    }

    @Test func `what is sent is counted`() throws {
        let client = try Endpoint(.client, version: 2)
        client.write([1, 2, 3], to: try client.open())
        _ = client.pollAll()
        #expect(client.multiplexer.statistics.sentFrameCount == 2)
        #expect(client.multiplexer.statistics.sentPayloadByteCount == 3)
        #expect(client.multiplexer.statistics.openedStreamCount == 1)
    }
}
