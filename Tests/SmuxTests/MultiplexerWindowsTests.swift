import PacketPrimitives
import Testing

@testable import Smux

@Suite struct MultiplexerWindowsTests {
    private static let id = StreamID(rawValue: 3)

    /// A server that has received some bytes on a stream.
    private func server(window: Int, receiving byteCount: Int, version: Int = 2) throws -> Endpoint {
        let configuration = try Configuration(
            version: version, receiveBufferByteCount: 4 * window, streamBufferByteCount: window)
        let server = Endpoint(.server, configuration: configuration)
        let wire = UInt8(version)
        server.receive(frame(wire, .synchronize, 3) + frame(wire, .push, 3, [UInt8](repeating: 0, count: byteCount)))
        return server
    }

    private func take(_ byteCount: Int, from server: Endpoint, milliseconds: UInt64, limit: Int = 16_000) {
        server.multiplexer.consumed(Self.id, byteCount: byteCount)
        server.multiplexer.widenWindow(
            Self.id, taking: byteCount, eighthTakenWithin: 100, now: Instant(milliseconds: milliseconds), limit: limit)
    }

    @Test func `a window of which an eighth is taken at once becomes four times as large, up to the limit`() throws {
        let server = try self.server(window: 1000, receiving: 200)
        self.take(100, from: server, milliseconds: 1000, limit: 8000)
        #expect(server.pollAll() == [windowUpdate(3, consumed: 100, window: 1000)])
        self.take(25, from: server, milliseconds: 1040, limit: 8000)
        #expect(server.multiplexer.bucket == 4000 - 200 + 125 + 3000, "the session may hold more too")
        #expect(server.pollAll() == [windowUpdate(3, consumed: 125, window: 4000)])
        server.receive(frame(2, .push, 3, [UInt8](repeating: 0, count: 1500)))
        self.take(1400, from: server, milliseconds: 1050, limit: 8000)
        #expect(server.pollAll() == [windowUpdate(3, consumed: 1525, window: 8000)])
        server.receive(frame(2, .push, 3, [UInt8](repeating: 0, count: 1000)))
        self.take(1000, from: server, milliseconds: 1060, limit: 8000)
        #expect(server.pollAll().isEmpty)
    }

    @Test func `a window grows only while little of it waits to be taken`() throws {
        let server = try self.server(window: 1000, receiving: 900)
        self.take(200, from: server, milliseconds: 1000)
        self.take(500, from: server, milliseconds: 1001)
        #expect(server.multiplexer.bucketSize == 4000)
        self.take(100, from: server, milliseconds: 1002)
        #expect(server.multiplexer.bucketSize == 7000)
    }

    @Test func `a slow reader keeps its window`() throws {
        let server = try self.server(window: 1000, receiving: 1200)
        for round in 0..<20 as Range<UInt64> { self.take(60, from: server, milliseconds: 1000 + 50 * round) }
        #expect(server.pollAll() == [windowUpdate(3, consumed: 1200, window: 1000)])
    }

    @Test func `a stream that ends takes its share of the bucket along`() throws {
        let server = try self.server(window: 1000, receiving: 600)
        self.take(600, from: server, milliseconds: 1000)
        #expect(server.multiplexer.bucketSize == 7000)
        server.abandon(Self.id)
        server.receive(frame(2, .finish, 3))
        _ = server.pollAll()
        #expect(server.multiplexer.streamCount == 0)
        #expect(server.multiplexer.bucket == 4000 && server.multiplexer.bucketSize == 4000)
    }

    /// Lets a stream receive a byte that is taken, and then all that its window allows, which nobody takes.
    /// - Returns: the window.
    private func stall(_ id: UInt32, of server: Endpoint) throws -> Int {
        server.receive(frame(2, .synchronize, id) + frame(2, .push, id, [0]))
        server.consume(StreamID(rawValue: id))
        let update = try #require(server.pollAll().first)
        let window = (0..<4).reduce(0) { $0 | Int(update[12 + $1]) << (8 * $1) }
        for rest in stride(from: window, to: 0, by: -65535) {
            server.receive(frame(2, .push, id, [UInt8](repeating: 0, count: min(rest, 65535))))
        }
        return window
    }

    @Test func `streams that nobody reads one after the other leave room for the others`() throws {
        let server = try Endpoint(.server, version: 2)
        let windows = try stride(from: 3, through: 17, by: 2).map { try self.stall($0, of: server) }
        #expect(windows.first == 2_097_152)
        #expect(zip(windows, windows.dropFirst()).allSatisfy { $0 >= $1 } && windows.last == 65536)
        #expect(server.wantsInput)
    }

    @Test func `a stream gets its whole window back when the others have been read`() throws {
        let server = try Endpoint(.server, version: 2)
        _ = try self.stall(3, of: server)
        let window = try self.stall(5, of: server)
        server.consume(StreamID(rawValue: 3))
        _ = server.pollAll()
        #expect(window == 2_097_152 / 3)
        server.consume(StreamID(rawValue: 5))
        #expect(server.pollAll() == [windowUpdate(5, consumed: UInt32(1 + window), window: 2_097_152)])
    }

    @Test func `a smaller window is reported again by its own half`() throws {
        let server = try Endpoint(.server, version: 2)
        _ = try self.stall(3, of: server)
        let window = try self.stall(5, of: server)
        server.consume(StreamID(rawValue: 5), byteCount: window / 2 - 1)
        #expect(server.pollAll().isEmpty)
        server.consume(StreamID(rawValue: 5), byteCount: 2)
        #expect(server.pollAll().count == 1)
    }

    @Test func `version 1 has no windows`() throws {
        let server = try self.server(window: 1000, receiving: 3000, version: 1)
        self.take(600, from: server, milliseconds: 1000)
        self.take(600, from: server, milliseconds: 1001)
        #expect(server.pollAll().isEmpty)
        #expect(server.multiplexer.bucket == 4000 - 3000 + 1200)
    }
}
