import TestSupport
import Testing

@testable import Smux

@Suite struct IntroductionTests {
    @Test func `an introduction is a NOP with a marked id`() throws {
        let endpoint = try Endpoint(.client, version: 2)
        endpoint.multiplexer.introduce(capabilities: .halfClose)
        #expect(endpoint.pollAll().map(\.hex) == ["02030000014b5753"])
    }

    @Test func `settings that both ends must share go with it`() throws {
        let endpoint = try Endpoint(.server, version: 2)
        endpoint.multiplexer.introduce(capabilities: [.halfClose, .abort, .permutes, .refuses])
        #expect(endpoint.pollAll().map(\.hex) == ["020300000f4b5753"])
        #expect(Capabilities.all.isDisjoint(with: [.permutes, .refuses]))
    }

    @Test func `it is sent once and before everything else`() throws {
        let endpoint = try Endpoint(.client, version: 1)
        endpoint.write("x", to: try endpoint.open())
        endpoint.multiplexer.introduce()
        #expect(endpoint.pollAll().map(\.header.command) == [.noOperation, .synchronize, .push])
    }

    @Test func `the peer's introduction is reported`() throws {
        let endpoint = try Endpoint(.server, version: 2)
        endpoint.receive([2, 3, 0, 0, 3, 0x4B, 0x57, 0x53])
        #expect(endpoint.application.introductions == [[.halfClose, .abort]])
        #expect(endpoint.multiplexer.peerCapabilities == .all)
    }

    @Test(arguments: [0, 1, 0x5357_4A01, 0x5457_4B01] as [UInt32])
    func `the NOP of the original introduces nobody`(id: UInt32) throws {
        let endpoint = try Endpoint(.server, version: 1)
        endpoint.receive(frame(1, .noOperation, id))
        #expect(endpoint.application.introductions.isEmpty)
        #expect(endpoint.multiplexer.statistics.receivedKeepAliveCount == 1)
    }

    @Test func `unknown capabilities are kept`() {
        #expect(Introduction.capabilities(in: StreamID(rawValue: 0x5357_4BF1))?.rawValue == 0xF1)
    }

    @Test func `capabilities that do not fit are our bug`() async {
        await #expect(processExitsWith: .failure) {
            _ = Introduction.streamID(for: Capabilities(rawValue: 0x100))
        }
    }
}
