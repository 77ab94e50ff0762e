import Foundation
import LinkRelay
import NetworkSimulation
import TestSupport
import Testing

/// A server of ours goes after clients that a NAT has given another port, whatever program they are.
@Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct RoamingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var pair: Pair
        var flags: [String]

        var testDescription: String { "\(self.pair) \(self.flags.joined(separator: " "))" }
    }

    private static let cases = [Pair.oursAtBothEnds, .debianToOurs].filter { Pair.available.contains($0) }.flatMap {
        pair in
        [
            ["-crypt", "aes"], ["-crypt", "salsa20", "-ds", "0", "-ps", "0"], ["-crypt", "none"],
            ["-crypt", "xor", "-nocomp"], ["-crypt", "none", "-ds", "0", "-ps", "0"],
        ].map { Case(pair: pair, flags: $0 + ["-smuxver", "1"]) }
    }

    /// With two event loops about every second new port comes to the other one.
    @Test(arguments: cases)
    func `a stream goes on when the port changes`(_ one: Case) async throws {
        let echo = try StreamListener(at: .ipv4(FreePort.take()), handle: EchoConnection.serve)
        defer { echo.stop() }
        try await withRelay(one.pair, one.flags, target: echo.address) { relay, tunnel, client in
            let connection = try EchoConnection(client)
            try connection.exchange(seconds: 10)
            for _ in 0..<6 {
                relay.rebind()
                try connection.exchange(seconds: 15)
            }
            let log = tunnel.server.standardError
            let moveCount = log.components(separatedBy: "session moved").count - 1
            try check(moveCount >= 4, "the session moved \(moveCount) times")
            try check(Self.sessionCount(tunnel) == 1, "another session was made")
        }
    }

    @Test(arguments: cases)
    func `bulk transfers survive it`(_ one: Case) async throws {
        try await withRelay(one.pair, one.flags) { relay, tunnel, client in
            let load = try Load.start(
                [Exchange(byteCount: 3 << 20), Exchange(byteCount: 3 << 20)], tunnel, client)
            let sessionCount = Self.sessionCount(tunnel)
            for pause in [0, 200_000, 100_000, 900_000] as [UInt32] {
                usleep(pause)
                relay.rebind()
            }
            try load.finish()
            try check(Self.sessionCount(tunnel) == sessionCount, "another session was made")
        }
    }

    /// What some devices on the way do with a port that has carried UDP for long.
    @Test(arguments: [["-crypt", "aes"], ["-crypt", "none", "-ds", "0", "-ps", "0"]])
    func `a stream goes on from another port when nothing comes to the old one`(_ flags: [String]) async throws {
        let echo = try StreamListener(at: .ipv4(FreePort.take()), handle: EchoConnection.serve)
        defer { echo.stop() }
        try await withRelay(.oursAtBothEnds, flags, target: echo.address) { relay, tunnel, client in
            let connection = try EchoConnection(client)
            try connection.exchange(seconds: 10)
            relay.blockClients()
            try connection.exchange(seconds: 60)
            let log = client.process.standardError
            try check(log.contains("nothing comes to the port it had"), "nothing is said about it")
            try check(Self.sessionCount(tunnel) == 1, "another session was made")
        }
    }

    // MARK: Support

    private static func sessionCount(_ tunnel: Tunnel) -> Int {
        tunnel.server.standardError.components(separatedBy: "remote address: ").count - 1
    }

    private func withRelay(
        _ pair: Pair, _ flags: [String], target: StreamAddress? = nil,
        _ body: @escaping @Sendable (LinkRelay, Tunnel, TunnelClient) throws -> Void
    ) async throws {
        try await Limiter.tunnels.run {
            try await onThread {
                let tunnel = try Tunnel(pair, Tunnel.Flags(both: flags), target: target?.description)
                defer { tunnel.stop() }
                let link = LinkConditions(delayMilliseconds: 10)
                let relay = try LinkRelay(
                    .init(serverPort: tunnel.serverPort, towardServer: link, towardClients: link, seed: 1))
                defer { relay.stop() }
                let client = try tunnel.startClient(relayPort: relay.port)
                defer { client.process.end() }
                do { try body(relay, tunnel, client) } catch {
                    throw Failure("\(error)\n\(client.process.report)\n\(tunnel.server.report)")
                }
            }
        }
    }
}
