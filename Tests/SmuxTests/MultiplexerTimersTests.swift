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
        client.multiplexer.holdBack(true)
        #expect(client.multiplexer.handleTimeout(now: self.at(100)) == .alive)
        #expect(client.multiplexer.nextTimeout == self.at(110))
    }

    @Test func `a peer that never answered is dead after one and a half times the timeout`() throws {
        let client = try Endpoint(.client, version: 2)
        #expect(client.multiplexer.handleTimeout(now: Instant(milliseconds: 44_999)) == .alive)
        #expect(client.multiplexer.handleTimeout(now: self.at(45)) == .failed(.peerSilent))
        #expect(client.multiplexer.handleTimeout(now: self.at(46)) == .failed(.peerSilent))
        #expect(client.failure == .peerSilent)
        #expect(client.receive(frame(2, .noOperation, 0)) == .failed(.peerSilent))
    }

    /// A way that is gone for 30 seconds, as long as the timeout, costs no session.
    @Test(arguments: [0, 7, 30, 44] as [UInt64])
    func `the time runs from the last frame, whenever that was`(second: UInt64) throws {
        let client = try Endpoint(.client, version: 2)
        client.receive(frame(2, .noOperation, 0), now: self.at(second))
        #expect(client.multiplexer.handleTimeout(now: Instant(milliseconds: second * 1000 + 44_999)) == .alive)
        #expect(client.multiplexer.handleTimeout(now: self.at(second + 45)) == .failed(.peerSilent))
    }

    @Test func `half a header is no sign of life`() throws {
        let client = try Endpoint(.client, version: 2)
        client.receive([2, 3, 0, 0], now: self.at(20))
        #expect(client.multiplexer.handleTimeout(now: self.at(45)) == .failed(.peerSilent))
    }

    @Test func `a long frame that comes slowly is a sign of life all the time`() throws {
        let server = try Endpoint(.server, version: 1)
        let push = frame(1, .push, 3, [UInt8](repeating: 0, count: 100))
        server.receive(frame(1, .synchronize, 3) + push.prefix(8))
        for piece in 0..<10 as Range<UInt64> {
            server.receive(push.dropFirst(8).prefix(10), now: self.at(30 * (piece + 1)))
            #expect(server.multiplexer.handleTimeout(now: self.at(30 * (piece + 1) + 29)) == .alive)
        }
        #expect(server.multiplexer.handleTimeout(now: self.at(345)) == .failed(.peerSilent))
    }

    @Test func `a session that could not read is spared`() throws {
        let server = Endpoint(
            .server, configuration: try Configuration(receiveBufferByteCount: 10, streamBufferByteCount: 10))
        server.receive(frame(2, .synchronize, 3) + frame(2, .push, 3, [UInt8](repeating: 0, count: 10)))
        #expect(server.multiplexer.handleTimeout(now: self.at(45)) == .alive)
        #expect(server.multiplexer.handleTimeout(now: self.at(90)) == .alive)
        server.consume(StreamID(rawValue: 3))
        #expect(server.multiplexer.handleTimeout(now: self.at(135)) == .failed(.peerSilent))
    }

    @Test func `a session that is held back is spared, and has the whole time once more`() throws {
        let server = try Endpoint(.server, version: 2)
        server.multiplexer.holdBack(true)
        #expect(!server.wantsInput)
        #expect(server.multiplexer.handleTimeout(now: self.at(45)) == .alive)
        server.multiplexer.holdBack(false)
        #expect(server.wantsInput)
        #expect(server.multiplexer.handleTimeout(now: self.at(90)) == .alive)
        #expect(server.multiplexer.handleTimeout(now: self.at(135)) == .failed(.peerSilent))
    }

    @Test func `the timeout can be set`() throws {
        let configuration = try Configuration(keepAliveIntervalSeconds: 2, keepAliveTimeoutSeconds: 6)
        let client = Endpoint(.client, configuration: configuration, now: self.at(100))
        #expect(client.multiplexer.nextTimeout == self.at(102))
        #expect(client.multiplexer.handleTimeout(now: self.at(108)) == .alive)
        #expect(client.multiplexer.handleTimeout(now: self.at(109)) == .failed(.peerSilent))
    }
}
