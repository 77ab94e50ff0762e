import Foundation
import TestSupport
import Testing

/// A client with several servers uses the best one that works. What is waited for are events: how long a machine takes
/// to get to them does not matter.
@Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct RemotesTests {
    private static let limit = 60.0

    /// Two servers, of which the first can be ended and started again, and a client that prefers the first.
    private struct Servers: Sendable {
        var first: Tunnel
        var second: Tunnel
        var client: TunnelClient

        /// Opens connections until one has a stream with the server at `port`, and returns it.
        func connection(to port: UInt16) throws -> EchoConnection {
            let name = "out: 127.0.0.1:\(port)("
            let count = self.streamCount(name)
            var connection: EchoConnection?
            let isThere = waitUntil(Deadline(seconds: RemotesTests.limit)) {
                guard let next = try? EchoConnection(self.client), (try? next.exchange(seconds: 5)) != nil else {
                    return false
                }
                connection = next
                return self.streamCount(name) > count
            }
            guard isThere, let connection else { throw Failure("no stream with the server at port \(port)") }
            return connection
        }

        private func streamCount(_ name: String) -> Int {
            self.client.process.standardError.split(separator: "\n").count {
                $0.contains("stream opened") && $0.contains(name)
            }
        }
    }

    private static func withServers(
        _ body: @escaping @Sendable (Servers) throws -> Void
    ) async throws {
        try await Limiter.tunnels.run {
            try await onThread {
                let echo = try StreamListener(at: .ipv4(FreePort.take()), handle: EchoConnection.serve)
                defer { echo.stop() }
                let servers = try (0..<2).map { _ in
                    try Tunnel(.oursAtBothEnds, Tunnel.Flags(), target: echo.address.description)
                }
                defer { for server in servers { server.stop() } }
                let client = try servers[0].startClient(flags: ["-r", "127.0.0.1:\(servers[1].serverPort)"])
                defer { client.process.end() }
                do {
                    try body(Servers(first: servers[0], second: servers[1], client: client))
                } catch {
                    throw Failure("\(error)\n\(client.process.report)")
                }
            }
        }
    }

    private static func waitForLog(_ text: String, of client: TunnelClient) throws {
        let isSaid = waitUntil(Deadline(seconds: Self.limit)) { client.process.standardError.contains(text) }
        try check(isSaid, "the client does not say: \(text)")
    }

    @Test func `a first server that is not there is passed over, and used when it comes`() async throws {
        try await Self.withServers { servers in
            servers.first.stop()
            let old = try servers.connection(to: servers.second.serverPort)
            try Self.waitForLog("remote 127.0.0.1:\(servers.first.serverPort) failed: ", of: servers.client)
            let server = try servers.first.startServerAgain()
            defer { server.end() }
            _ = try servers.connection(to: servers.first.serverPort)
            try Self.waitForLog("remote 127.0.0.1:\(servers.first.serverPort) is back after ", of: servers.client)
            // What began at the second one stays there.
            try old.exchange(seconds: Self.limit)
        }
    }

    @Test func `when the first server dies with its streams, new ones go to the second`() async throws {
        try await Self.withServers { servers in
            let stream = try servers.connection(to: servers.first.serverPort)
            servers.first.stop()
            _ = try servers.connection(to: servers.second.serverPort)
            try Self.waitForLog("using 127.0.0.1:\(servers.second.serverPort)", of: servers.client)
            try check((try? stream.exchange(seconds: 1)) == nil, "a server that is gone has answered")
        }
    }

    @Test func `another list counts after a reload`() async throws {
        let file = try SettingsFile("{}")
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(client: ["-c", file.path])) { tunnel, client in
            try client.run([Exchange(byteCount: 1000)], seconds: Self.limit)
            let absent = FreePort.take()
            try file.write(#"{"remoteaddr": ["127.0.0.1:\#(absent)", "127.0.0.1:\#(tunnel.serverPort)"]}"#)
            try client.process.reload(untilLog: "changed for new sessions: remoteaddr")
            try client.run([Exchange(byteCount: 1000)], seconds: Self.limit)
            try Self.waitForLog("remote 127.0.0.1:\(absent) failed: ", of: client)
        }
    }
}
