import PacketPrimitives
import Testing

@testable import Smux

@Suite struct MultiplexerTimersTests {
    private func at(_ seconds: UInt64) -> Instant { Instant(milliseconds: seconds * 1000) }

    @Test func `a sign of life goes out every interval, whatever the traffic`() throws {
        let client = try Endpoint(.client, version: 2)
        _ = try client.open()
        #expect(client.multiplexer.nextTimeout == self.at(10))
        #expect(client.multiplexer.handleTimeout(now: self.at(9)) == .alive)
        #expect(client.pollAll() == [frame(2, .synchronize, 3)])
        #expect(client.multiplexer.handleTimeout(now: self.at(10)) == .alive)
        #expect(client.hasFrames)
        #expect(client.pollAll() == [frame(2, .noOperation, 0)])
        #expect(client.multiplexer.nextTimeout == self.at(20))
    }

    @Test func `a sign of life can be asked for`() throws {
        let endpoint = try Endpoint(.client, version: 1)
        endpoint.multiplexer.sendSignOfLife()
        #expect(endpoint.pollAll() == [frame(1, .noOperation, 0)])
    }

    @Test func `signs that could not be sent do not pile up`() throws {
        let client = Endpoint(.client, configuration: try Configuration(keepAliveIntervalSeconds: 1))
        for second in 1...20 { _ = client.multiplexer.handleTimeout(now: self.at(UInt64(second))) }
        #expect(client.pollAll().count == 1)
    }

    @Test func `a late call does not make up for lost time`() throws {
        let client = try Endpoint(.client, version: 2)
        client.receive(frame(2, .noOperation, 0))
        _ = client.multiplexer.handleTimeout(now: self.at(100))
        #expect(client.multiplexer.nextTimeout == self.at(110))
        #expect(client.failure == nil)
    }

    @Test func `a peer that never answered is dead after one period`() throws {
        let client = try Endpoint(.client, version: 2)
        #expect(client.multiplexer.handleTimeout(now: Instant(milliseconds: 29_999)) == .alive)
        #expect(client.multiplexer.handleTimeout(now: self.at(30)) == .failed(.peerSilent))
        #expect(client.multiplexer.handleTimeout(now: self.at(31)) == .failed(.peerSilent))
        #expect(client.failure == .peerSilent)
        #expect(client.receive(frame(2, .noOperation, 0)) == .failed(.peerSilent))
    }

    @Test func `a peer that fell silent is dead at the second check`() throws {
        let client = try Endpoint(.client, version: 2)
        client.receive(frame(2, .noOperation, 0))
        #expect(client.multiplexer.handleTimeout(now: self.at(30)) == .alive)
        #expect(client.multiplexer.handleTimeout(now: self.at(60)) == .failed(.peerSilent))
    }

    @Test func `half a header is no sign of life`() throws {
        let client = try Endpoint(.client, version: 2)
        client.receive([2, 3, 0, 0])
        #expect(client.multiplexer.handleTimeout(now: self.at(30)) == .failed(.peerSilent))
    }

    @Test func `a session that could not read is spared`() throws {
        let server = Endpoint(
            .server, configuration: try Configuration(receiveBufferByteCount: 10, streamBufferByteCount: 10))
        server.receive(frame(2, .synchronize, 3) + frame(2, .push, 3, [UInt8](repeating: 0, count: 10)))
        #expect(server.multiplexer.handleTimeout(now: self.at(30)) == .alive)
        #expect(server.multiplexer.handleTimeout(now: self.at(60)) == .alive)
        server.consume(StreamID(rawValue: 3))
        #expect(server.multiplexer.handleTimeout(now: self.at(90)) == .failed(.peerSilent))
    }

    @Test func `a session that is held back is spared, and has a whole period from then on`() throws {
        let server = try Endpoint(.server, version: 2)
        server.multiplexer.holdBack(true)
        #expect(!server.wantsInput)
        #expect(server.multiplexer.handleTimeout(now: self.at(30)) == .alive)
        server.multiplexer.holdBack(false)
        #expect(server.wantsInput)
        #expect(server.multiplexer.handleTimeout(now: self.at(60)) == .alive)
        #expect(server.multiplexer.handleTimeout(now: self.at(90)) == .failed(.peerSilent))
    }

    @Test func `the timeout can be set`() throws {
        let configuration = try Configuration(keepAliveIntervalSeconds: 2, keepAliveTimeoutSeconds: 5)
        let client = Endpoint(.client, configuration: configuration, now: self.at(100))
        #expect(client.multiplexer.nextTimeout == self.at(102))
        #expect(client.multiplexer.handleTimeout(now: self.at(105)) == .failed(.peerSilent))
    }
}
