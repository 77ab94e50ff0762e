import NIOCore
import Testing
import TunnelCore

@testable import TunnelRuntime

/// Where the sessions of one host are, at ends with two event loops.
@Suite struct SharedPathTests {
    /// How many loops of the client and of the server have any of eight sessions.
    private static func busyLoopCounts(_ rules: SendingRules) async throws -> [Int] {
        let tunnel = try await TunnelOnLoopback(rules: rules, connections: 8)
        var connections: [any Channel] = []
        for _ in 0..<8 { connections.append(try await tunnel.connect()) }
        let areOpen = try await becomesTrue { await tunnel.server.snapshot().totals.sessionCount == 8 }
        #expect(areOpen)
        var counts: [Int] = []
        for snapshot in [await tunnel.client.snapshot(), await tunnel.server.snapshot()] {
            counts.append(snapshot.loops.count { $0.memory.heldByteCount > 0 })
        }
        for connection in connections { try? await connection.close() }
        await tunnel.shutdown()
        return counts
    }

    @Test(arguments: [SendingRules.modelled, .fixed(bytesPerSecond: 1 << 20)])
    func `one loop has all of them, and so one controller directs them`(rules: SendingRules) async throws {
        #expect(try await Self.busyLoopCounts(rules) == [1, 1])
    }

    /// On the server the kernel divides them, now and then badly.
    @Test func `without a controller both loops have some`() async throws {
        #expect(try await Self.busyLoopCounts(.original)[0] == 2)
    }
}
