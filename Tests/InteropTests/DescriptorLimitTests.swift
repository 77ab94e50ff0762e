#if os(Linux)
    import Foundation
    import TestSupport
    import Testing

    /// Programs that may not have as many file descriptors as there are connections.
    @Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct DescriptorLimitTests {
        private static let connectionCount = 100

        /// Words in front of a command line: how many descriptors it may have at first, and how many at all.
        private static func limit(_ soft: Int, _ hard: Int) -> [String] {
            ["/bin/sh", "-c", "ulimit -Sn \(soft) && ulimit -Hn \(hard) && exec \"$0\" \"$@\""]
        }

        private static func withConnections(
            _ placement: Tunnel.Placement,
            _ body: @escaping @Sendable (Tunnel, TunnelClient, [EchoConnection]) throws -> Void
        ) async throws {
            let echo = try StreamListener(at: .ipv4(FreePort.take()), handle: EchoConnection.serve)
            defer { echo.stop() }
            try await withTunnel(.oursAtBothEnds, target: "\(echo.address)", placement: placement) { tunnel, client in
                try EchoConnection(client).exchange(seconds: 30)
                try body(tunnel, client, try (0..<Self.connectionCount).map { _ in try EchoConnection(client) })
            }
        }

        @Test func `a client without descriptors says so, rests, and goes on when there are some`() async throws {
            let placement = Tunnel.Placement(client: Self.limit(64, 64))
            try await Self.withConnections(placement) { tunnel, client, connections in
                try client.process.waitForLog(["connections have to wait: the program has no file descriptors left (64"]
                )
                let before = try client.process.processorSeconds
                sleep(3)
                let used = try client.process.processorSeconds - before
                try check(used < 1, "\(used) s of processor time in 3 s")
                try connections[0].exchange(seconds: 30)
                connections.dropLast().forEach { $0.close() }
                try connections[Self.connectionCount - 1].exchange(seconds: 60)
            }
        }

        @Test func `a server without descriptors for its target says so`() async throws {
            let placement = Tunnel.Placement(server: Self.limit(64, 64))
            try await Self.withConnections(placement) { tunnel, client, connections in
                try tunnel.server.waitForLog(["the program has no file descriptors left (64"])
                let log = tunnel.server.standardError
                try check(!log.contains("is -t right?"), "the target is blamed")
                try connections[0].exchange(seconds: 30)
            }
        }

        @Test func `the programs take as many descriptors as they may have`() async throws {
            let limit = Self.limit(64, 4096)
            try await Self.withConnections(Tunnel.Placement(client: limit, server: limit)) { _, _, connections in
                for connection in connections { try connection.exchange(seconds: 60) }
            }
        }
    }

    extension ChildProcess {
        /// What the program has used so far.
        var processorSeconds: Double {
            get throws {
                let path = "/proc/\(self.processIdentifier)/stat"
                let text = try String(contentsOfFile: path, encoding: .utf8)
                // Behind the name, which is in brackets, user and system time are the 12th and 13th.
                let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
                guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
                    throw Failure("\(path): \(text)")
                }
                return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
            }
        }
    }
#endif
