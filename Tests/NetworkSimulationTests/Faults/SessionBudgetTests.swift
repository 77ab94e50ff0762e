import Ciphers
import KCP
import Smux
import Testing
import TunnelCore

@testable import NetworkSimulation

@Suite struct SessionBudgetTests {
    private static func budget(_ change: (inout SessionConfiguration) -> Void = { _ in }) throws -> SessionBudget {
        var configuration = SessionConfiguration(
            role: .server, cipher: .aes, derivedKey: [], dataShards: 0, parityShards: 0, mtu: 1350,
            conversation: KCP.Configuration(profile: .fast, mtu: 1350, sendWindow: 16, receiveWindow: 32),
            multiplexer: try Smux.Configuration(receiveBufferByteCount: 10_000, streamBufferByteCount: 5000),
            usesCompression: false)
        change(&configuration)
        return SessionBudget(configuration)
    }

    @Test func `windows and buffers are the limits`() throws {
        let budget = try Self.budget()
        #expect(budget.inFlightSegments == 16)
        #expect(budget.readySegments == 32)
        #expect((16...100).contains(budget.queuedSegments))
        #expect((10_000...100_000).contains(budget.heldByteCount))
        #expect(budget.heldByteCountOfStream == 262_144)
    }

    @Test func `what is automatic may grow`() throws {
        let budget = try Self.budget {
            $0.rules = .modelled
            $0.automatic = [.sendWindow, .receiveWindow, .streamBuffer]
        }
        #expect(budget.inFlightSegments == 65_535)
        #expect(budget.readySegments == 32_768)
        #expect(budget.heldByteCount > 16 << 20)
    }

    @Test func `by the rules of the original nothing is automatic`() throws {
        let budget = try Self.budget { $0.automatic = [.sendWindow, .receiveWindow] }
        #expect(budget.inFlightSegments == 16)
        #expect(budget.readySegments == 32)
    }
}
