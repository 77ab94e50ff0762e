import PacketPrimitives
import Testing

@testable import Smux

@Suite struct MultiplexerWindowsTests {
    private static let id = StreamID(rawValue: 3)

    /// A server that has received some bytes on a stream and takes them in two halves.
    private func server(window: Int, receiving byteCount: Int, version: Int = 2) throws -> Endpoint {
        let configuration = try Configuration(
            version: version, receiveBufferByteCount: 4 * window, streamBufferByteCount: window)
        let server = Endpoint(.server, configuration: configuration)
        let wire = UInt8(version)
        server.receive(frame(wire, .synchronize, 3) + frame(wire, .push, 3, [UInt8](repeating: 0, count: byteCount)))
        return server
    }

    private func take(_ byteCount: Int, from server: Endpoint, milliseconds: UInt64, limit: Int = 4000) {
        server.multiplexer.consumed(Self.id, byteCount: byteCount)
        server.multiplexer.widenWindow(
            Self.id, taking: byteCount, halfTakenWithin: 100, now: Instant(milliseconds: milliseconds), limit: limit)
    }

    @Test func `a window of which half is taken at once is doubled, up to the limit`() throws {
        let server = try self.server(window: 1000, receiving: 4000)
        self.take(600, from: server, milliseconds: 1000)
        #expect(
            server.pollAll() == [windowUpdate(3, consumed: 600, window: 1000)], "the time of the first is not known")
        self.take(600, from: server, milliseconds: 1050)
        #expect(server.multiplexer.bucket == 4000 - 4000 + 1200 + 1000, "the session may hold more too")
        #expect(server.pollAll() == [windowUpdate(3, consumed: 1200, window: 2000)])
        self.take(1000, from: server, milliseconds: 1070, limit: 2000)
        #expect(server.pollAll() == [windowUpdate(3, consumed: 2200, window: 2000)])
    }

    @Test func `pieces that are taken before the update has left count once`() throws {
        let server = try self.server(window: 1000, receiving: 3000)
        self.take(600, from: server, milliseconds: 1000)
        for _ in 0..<10 { self.take(20, from: server, milliseconds: 1001) }
        #expect(server.pollAll() == [windowUpdate(3, consumed: 800, window: 1000)])
    }

    @Test func `a slow reader keeps its window`() throws {
        let server = try self.server(window: 1000, receiving: 3000)
        for round in 1...4 as ClosedRange<UInt64> { self.take(500, from: server, milliseconds: 1000 * round) }
        #expect(server.pollAll() == [windowUpdate(3, consumed: 2000, window: 1000)])
    }

    @Test func `a stream that ends takes its share of the bucket along`() throws {
        let server = try self.server(window: 1000, receiving: 3000)
        self.take(600, from: server, milliseconds: 1000)
        _ = server.pollAll()
        self.take(600, from: server, milliseconds: 1010)
        server.abandon(Self.id)
        server.receive(frame(2, .finish, 3))
        _ = server.pollAll()
        #expect(server.multiplexer.streamCount == 0)
        #expect(server.multiplexer.bucket == 4000)
    }

    @Test func `version 1 has no windows`() throws {
        let server = try self.server(window: 1000, receiving: 3000, version: 1)
        self.take(600, from: server, milliseconds: 1000)
        self.take(600, from: server, milliseconds: 1001)
        #expect(server.pollAll().isEmpty)
        #expect(server.multiplexer.bucket == 4000 - 3000 + 1200)
    }
}
