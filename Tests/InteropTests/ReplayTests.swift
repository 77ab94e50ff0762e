#if os(Linux)
    import Foundation
    import PacketPrimitives
    import TestSupport
    import Testing

    /// Somebody on the path who sends again what he has seen.
    @Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct ReplayTests {
        /// Where the copies come from.
        enum Origin: Sendable { case sameAddress, otherAddress }

        private static let ciphers = ["aes", "aes-128-gcm", "blowfish", "salsa20", "xor", "none"]

        /// A tunnel with somebody on its path, and the ports of both ends' metrics.
        private struct Stage: Sendable {
            let tunnel: Tunnel
            let client: TunnelClient
            let tap: Wiretap
            let metricsPorts: (client: UInt16, server: UInt16)

            /// What the server has counted under this name.
            func serverCount(_ line: String) throws -> Int { try HTTPPage.metric(line, port: self.metricsPorts.server) }
            func clientCount(_ line: String) throws -> Int { try HTTPPage.metric(line, port: self.metricsPorts.client) }
        }

        private static let replayed = #"kcptun_dropped_datagrams_total{reason="replayed"}"#

        private func withTappedTunnel(
            _ flags: [String], portCount: UInt16 = 1, _ body: @escaping @Sendable (Stage) throws -> Void
        ) async throws {
            let ports = (client: FreePort.take(), server: FreePort.take())
            let flags = Tunnel.Flags(
                both: flags, client: ["--metrics", "127.0.0.1:\(ports.client)"],
                server: ["--metrics", "127.0.0.1:\(ports.server)"])
            try await Limiter.tunnels.run {
                try await onThread {
                    let tunnel = try Tunnel(.oursAtBothEnds, flags, portCount: portCount)
                    defer { tunnel.stop() }
                    let tap = try Wiretap(serverPort: tunnel.serverPort)
                    defer { tap.stop() }
                    let client = try tunnel.startClient(relayPort: tap.port)
                    defer { client.process.end() }
                    do {
                        try body(Stage(tunnel: tunnel, client: client, tap: tap, metricsPorts: ports))
                    } catch {
                        throw Failure("\(error)\n\(client.process.report)\n\(tunnel.server.report)")
                    }
                }
            }
        }

        /// Copies in another order, each twice.
        private static func shuffled(_ records: [Wiretap.Record]) -> [Wiretap.Record] {
            var random = SeededRandomSource(seed: 1)
            return (records + records).shuffled(using: &random)
        }

        @Test(arguments: ciphers, [Origin.sameAddress, .otherAddress])
        func `a recorded session, sent again, changes nothing`(cipher: String, origin: Origin) async throws {
            try await self.withTappedTunnel(["-crypt", cipher]) { stage in
                try Exchange(byteCount: 200_000).run(through: stage.client.address, Deadline(seconds: 60))
                let copies = Self.shuffled(stage.tap.towardServer)
                switch origin {
                case .sameAddress: stage.tap.replayToServer(copies)
                case .otherAddress:
                    let stranger = try ForgedSource(address: 0x7F00_0037, to: stage.tunnel.serverPort)
                    Wiretap.inSteps(copies) { stranger.send($0.bytes) }
                }
                stage.tap.replayToClients(Self.shuffled(stage.tap.towardClients))
                // A copy may be lost in a full buffer of a busy machine.
                let isCounted = try waitUntilTrue(seconds: 30) {
                    try stage.serverCount(Self.replayed) >= copies.count * 9 / 10
                        && stage.clientCount(Self.replayed) > 0
                }
                let count = try stage.serverCount(Self.replayed)
                try check(isCounted, "\(count) of \(copies.count) copies were counted")
                try check(try stage.serverCount("kcptun_moved_sessions_total") == 0, "the session has moved")
                let started = try stage.serverCount(#"kcptun_started_sessions_total{side="accepted"}"#)
                try Exchange(byteCount: 200_000).run(through: stage.client.address, Deadline(seconds: 60))
                let startedAfter = try stage.serverCount(#"kcptun_started_sessions_total{side="accepted"}"#)
                try check(started == 1 && startedAfter == 1, "\(startedAfter) sessions")
            }
        }

        /// With null nothing tells a copy from its original, but KCP's numbers.
        @Test(arguments: ciphers + ["null"])
        func `transfers are right while what they send is sent again`(cipher: String) async throws {
            try await self.withTappedTunnel(["-crypt", cipher]) { stage in
                let load = try Load.start(
                    [Exchange(byteCount: 1 << 20), Exchange(byteCount: 1 << 20)], stage.tunnel, stage.client)
                for _ in 0..<20 {
                    stage.tap.replayToServer(Self.shuffled(stage.tap.towardServer.suffix(100)))
                    stage.tap.replayToClients(Self.shuffled(stage.tap.towardClients.suffix(100)))
                    usleep(20_000)
                }
                try load.finish()
                let count = try stage.serverCount(Self.replayed)
                try check(cipher == "null" ? count == 0 : count > 0, "\(count) copies were counted")
            }
        }

        /// With two event loops the copies come to both of them, neither of which has seen the others' originals.
        @Test(arguments: ["aes", "none"], [false, true])
        func `a recording does not begin anew at another port of the server`(cipher: String, hasLeft: Bool)
            async throws
        {
            try await self.withTappedTunnel(["-crypt", cipher], portCount: 2) { stage in
                try Exchange(byteCount: 1000).run(through: stage.client.address, Deadline(seconds: 60))
                if hasLeft { stage.client.process.end() }
                let otherPort = stage.tunnel.serverPort + 1
                let strangers = try (1...8).map { try ForgedSource(address: 0x7F00_0040 + $0, to: otherPort) }
                let copies = stage.tap.towardServer
                for stranger in strangers { Wiretap.inSteps(copies) { stranger.send($0.bytes) } }
                // Those that come to a loop which has not had them yet are not known by their bytes.
                let areCounted = try waitUntilTrue(seconds: 30) {
                    try stage.serverCount(Self.replayed) > copies.count * strangers.count / 2
                }
                try check(areCounted, "too few of the copies came")
                let log = stage.tunnel.server.standardError
                try check(log.components(separatedBy: "remote address: ").count == 2, "the copies got a session")
                try check(log.components(separatedBy: "stream opened").count == 2, "the copies opened a stream")
            }
        }

        @Test(arguments: ["aes", "none"])
        func `a client that has left does not come back by its recording`(cipher: String) async throws {
            try await self.withTappedTunnel(["-crypt", cipher]) { stage in
                try Exchange(byteCount: 1000).run(through: stage.client.address, Deadline(seconds: 60))
                stage.client.process.end()
                let stranger = try ForgedSource(address: 0x7F00_0038, to: stage.tunnel.serverPort)
                for _ in 0..<20 { Wiretap.inSteps(stage.tap.towardServer) { stranger.send($0.bytes) } }
                let log = stage.tunnel.server.standardError
                try check(log.components(separatedBy: "remote address: ").count == 2, "the copies got a session")
                try check(log.components(separatedBy: "stream opened").count == 2, "the copies opened a stream")
            }
        }
    }

    /// `waitUntil` for conditions that may throw.
    private func waitUntilTrue(seconds: Double, _ condition: () throws -> Bool) throws -> Bool {
        var failure: (any Error)?
        let isTrue = waitUntil(Deadline(seconds: seconds)) {
            do { return try condition() } catch {
                failure = error
                return true
            }
        }
        if let failure { throw failure }
        return isTrue
    }
#endif
