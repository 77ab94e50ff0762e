import ErasureCoding
import PacketPrimitives
import Testing

@testable import KCP
@testable import Smux
@testable import TunnelCore

@Suite struct AutomaticSettingsTests {
    private static let all: AutomaticSettings = [.sendWindow, .receiveWindow, .streamBuffer, .parity]

    /// Two ends that have exchanged some bytes over a path without loss.
    private func pair(
        client: (SendingRules, AutomaticSettings), server: (SendingRules, AutomaticSettings)
    ) throws -> SessionPair {
        var configurations = try [TunnelRole.client, .server].map {
            try SessionPair.configuration($0, usesCompression: false, shards: (10, 3))
        }
        (configurations[0].rules, configurations[0].automatic) = client
        (configurations[1].rules, configurations[1].automatic) = server
        let pair = SessionPair(client: configurations[0], server: configurations[1])
        let opened = pair.client.openStream()
        let id = try #require(opened)
        pair.client.announce(id, byteCount: 400_000)
        pair.run(milliseconds: 3000)
        #expect(pair.serverSide.received[id]?.count == 400_000)
        return pair
    }

    /// What the server tells the client, and how much parity the client has sent.
    private func outcome(_ pair: SessionPair) -> (window: Int, parityCount: UInt64) {
        (pair.server.conversation.configuration.receiveWindow, pair.client.statistics.parityEncoder.parityPackets)
    }

    @Test func `between two models windows are wide and parity is left out`() throws {
        let outcome = self.outcome(try self.pair(client: (.modelled, Self.all), server: (.modelled, Self.all)))
        #expect(outcome.window == 32_768)
        #expect(outcome.parityCount == 0)
    }

    @Test func `what the operator has set stays`() throws {
        let outcome = self.outcome(try self.pair(client: (.modelled, []), server: (.modelled, [])))
        #expect(outcome.window == 256)
        #expect(outcome.parityCount > 0)
    }

    @Test func `a peer that fills any window is not shown a wide one`() throws {
        let outcome = self.outcome(try self.pair(client: (.original, Self.all), server: (.modelled, Self.all)))
        #expect(outcome.window == 256)
        #expect(outcome.parityCount > 0)
    }

    @Test func `without a model nothing is chosen`() throws {
        let outcome = self.outcome(try self.pair(client: (.modelled, Self.all), server: (.original, Self.all)))
        #expect(outcome.window == 256)
    }
}
