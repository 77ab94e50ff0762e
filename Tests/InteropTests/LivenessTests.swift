import Foundation
import LinkRelay
import NetworkSimulation
import TestSupport
import Testing

/// The tunnel is never dead for longer than the way or the server is. The limits are generous: what they must tell apart
/// is a second, on a machine that is busy with other tests, from the half minute that a keep-alive takes.
@Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct LivenessTests {
    private static let limit = 15.0
    private static let rules = ["auto", "off"]

    @Test(arguments: rules)
    func `after a restart of the server new connections work at once, and old ones end`(rules: String) async throws {
        try await Self.withRelay(rules) { _, tunnel, client in
            let old = try EchoConnection(client)
            try old.exchange(seconds: 10)
            tunnel.stop()
            usleep(2_000_000)
            let server = try tunnel.startServerAgain()
            defer { server.end() }
            try Self.checkService(of: client)
            let start = ContinuousClock.now
            let answer = try? old.exchange(seconds: 20)
            try check(answer == nil, "a stream of a session that is gone was answered")
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            try check(seconds <= Self.limit, "the old stream ended only after \(seconds) s")
            try check(client.process.standardError.contains("restarted"), "the client does not say why")
        }
    }

    @Test(arguments: rules) func `streams go on when the way is there again`(rules: String) async throws {
        try await Self.withRelay(rules) { relay, _, client in
            let stream = try EchoConnection(client)
            try stream.exchange(seconds: 10)
            Self.setLink(relay, isBroken: true)
            let isAnswered = (try? EchoConnection(client).exchange(seconds: 4)) != nil
            try check(!isAnswered, "something came through")
            Self.setLink(relay, isBroken: false)
            let seconds = try stream.exchange(seconds: 20)
            try check(seconds <= Self.limit, "the stream went on only after \(seconds) s")
            try Self.checkService(of: client)
        }
    }

    @Test func `a session that nothing comes from gets no new streams`() async throws {
        try await Self.withRelay("off") { relay, _, client in
            let stream = try EchoConnection(client)
            try stream.exchange(seconds: 10)
            Self.setLink(relay, isBroken: true)
            _ = try? stream.exchange(seconds: 2)
            let isSaid = waitUntil(Deadline(seconds: 20)) {
                _ = try? EchoConnection(client).exchange(seconds: 1)
                return client.process.standardError.contains("gets no new streams: nothing has come from the server")
            }
            try check(isSaid, "nothing is said about it")
        }
    }

    // MARK: Sleep, as that of a closed laptop or a paused virtual machine

    enum Sleeper: CaseIterable {
        case client, server

        func sleep(_ tunnel: Tunnel, _ client: TunnelClient, seconds: UInt32) {
            let process = self == .client ? client.process : tunnel.server
            kill(process.processIdentifier, SIGSTOP)
            usleep(seconds * 1_000_000)
            kill(process.processIdentifier, SIGCONT)
        }
    }

    @Test(arguments: Sleeper.allCases, rules)
    func `a stream goes on after a short sleep`(sleeper: Sleeper, rules: String) async throws {
        try await Self.withEcho(Tunnel.Flags(both: ["-cc", rules])) { tunnel, client in
            let stream = try EchoConnection(client)
            try stream.exchange(seconds: 10)
            sleeper.sleep(tunnel, client, seconds: 4)
            let seconds = try stream.exchange(seconds: 20)
            try check(seconds <= Self.limit, "the stream went on only after \(seconds) s")
        }
    }

    /// The other end has given up the session meanwhile.
    @Test(arguments: Sleeper.allCases, rules)
    func `after a long sleep new connections work at once`(sleeper: Sleeper, rules: String) async throws {
        let flags = ["-cc", rules, "-keepalive", "1", "-keepalivetimeout", "3"]
        try await Self.withEcho(Tunnel.Flags(both: flags)) { tunnel, client in
            try EchoConnection(client).exchange(seconds: 10)
            sleeper.sleep(tunnel, client, seconds: 8)
            try Self.checkService(of: client)
        }
    }

    private static func withEcho(
        _ flags: Tunnel.Flags, _ body: @escaping @Sendable (Tunnel, TunnelClient) throws -> Void
    ) async throws {
        let echo = try StreamListener(at: .ipv4(FreePort.take()), handle: EchoConnection.serve)
        defer { echo.stop() }
        try await withTunnel(.oursAtBothEnds, flags, target: echo.address.description) { tunnel, client in
            try Self.explained(client, tunnel) { try body(tunnel, client) }
        }
    }

    // MARK: Support

    private static func checkService(of client: TunnelClient) throws {
        let seconds = try EchoConnection(client).exchange(seconds: 60)
        try check(seconds <= self.limit, "a new connection was served only after \(seconds) s")
    }

    private static func setLink(_ relay: LinkRelay, isBroken: Bool) {
        let link = self.link(isBroken: isBroken)
        relay.change(towardServer: link, towardClients: link)
    }

    private static func link(isBroken: Bool = false) -> LinkConditions {
        LinkConditions(delayMilliseconds: 25, faults: [.loss(probability: isBroken ? 1 : 0.01)])
    }

    private static func withRelay(
        _ rules: String, _ body: @escaping @Sendable (LinkRelay, Tunnel, TunnelClient) throws -> Void
    ) async throws {
        try await Limiter.tunnels.run {
            try await onThread {
                let echo = try StreamListener(at: .ipv4(FreePort.take()), handle: EchoConnection.serve)
                defer { echo.stop() }
                let tunnel = try Tunnel(
                    .oursAtBothEnds, Tunnel.Flags(both: ["-cc", rules]), target: echo.address.description)
                defer { tunnel.stop() }
                let relay = try LinkRelay(
                    .init(serverPort: tunnel.serverPort, towardServer: self.link(), towardClients: self.link(), seed: 1)
                )
                defer { relay.stop() }
                let client = try tunnel.startClient(relayPort: relay.port)
                defer { client.process.end() }
                try self.explained(client, tunnel) { try body(relay, tunnel, client) }
            }
        }
    }

    /// Adds to an error what the programs have said.
    private static func explained(_ client: TunnelClient, _ tunnel: Tunnel, _ body: () throws -> Void) throws {
        do { try body() } catch { throw Failure("\(error)\n\(client.process.report)\n\(tunnel.server.report)") }
    }
}
