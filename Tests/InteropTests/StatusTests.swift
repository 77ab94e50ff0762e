import Foundation
import Testing

/// What the programs tell about themselves over HTTP, while they carry something.
@Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct StatusTests {
    private static func document(port: UInt16) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(HTTPPage.get("/status.json", port: port).utf8))
        guard let document = object as? [String: Any] else { throw Failure("no object") }
        return document
    }

    @Test func `both ends count the same bytes, and name each other`() async throws {
        let (clientPort, serverPort) = (FreePort.take(), FreePort.take())
        let flags = Tunnel.Flags(
            client: ["--metrics", "127.0.0.1:\(clientPort)"], server: ["-metrics=127.0.0.1:\(serverPort)"])
        try await withTunnel(.oursAtBothEnds, flags) { tunnel, client in
            try Exchange(byteCount: 300_000).run(through: client.address, Deadline(seconds: 60))
            let (one, other) = (try Self.document(port: clientPort), try Self.document(port: serverPort))
            let (totals, otherTotals) = (
                one["totals"] as? [String: Int] ?? [:], other["totals"] as? [String: Int] ?? [:]
            )
            try check(one["program"] as? String == "kcptun-client", "\(one)")
            try check(totals["sentPayloadBytes"] ?? 0 >= 300_000, "\(totals)")
            try check(totals["sentPayloadBytes"] == otherTotals["receivedPayloadBytes"], "\(totals) \(otherTotals)")
            try check(totals["receivedPayloadBytes"] == otherTotals["sentPayloadBytes"], "\(totals) \(otherTotals)")
            let session = (one["sessions"] as? [[String: Any]])?.first ?? [:]
            let otherSession = (other["sessions"] as? [[String: Any]])?.first ?? [:]
            try check(session["peer"] as? String == "127.0.0.1:\(tunnel.serverPort)", "\(session)")
            try check(session["local"] as? String == otherSession["peer"] as? String, "\(session) \(otherSession)")
            try check(session["conversation"] as? Int == otherSession["conversation"] as? Int, "\(otherSession)")
            try check(session["smuxVersion"] as? Int == 2 && session["cipher"] as? String == "aes", "\(session)")
            let metrics = try HTTPPage.get("/metrics", port: serverPort)
            try check(metrics.contains("\nkcptun_started_sessions_total{side=\"accepted\"} 1\n"), metrics)
            try check(try HTTPPage.get("/healthz", port: clientPort) == "ok\n", "not healthy")
        }
    }

    @Test func `the whole page comes`() async throws {
        let port = FreePort.take()
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(client: ["--metrics", "127.0.0.1:\(port)"])) { _, _ in
            try check(try HTTPPage.get("/", port: port).hasSuffix("</html>\n"), "half a page")
        }
    }

    @Test(arguments: ["client", "server"])
    func `a busy metrics port is a start error with advice`(role: String) async throws {
        let port = FreePort.take()
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(client: ["--metrics", "127.0.0.1:\(port)"])) { _, _ in
            _ = try HTTPPage.get("/healthz", port: port)
            let path = Program.ours.path(of: role) ?? ""
            let second = try ChildProcess(
                path: path, arguments: ["-l", "127.0.0.1:\(FreePort.take())", "--metrics", "127.0.0.1:\(port)"])
            let ending = try second.waitForEnd()
            try check(ending == .exit(1), "\(ending) instead of exit code 1")
            let line = second.standardError.split(separator: "\n").last ?? ""
            try check(
                line.contains("127.0.0.1:\(port)") && line.contains("choose another port with --metrics"), "\(line)")
        }
    }

    @Test func `kcptun top prints one report where there is no terminal`() async throws {
        let port = FreePort.take()
        guard let kcptun = Program.ours.path(of: "client")?.replacing("kcptun-client", with: "kcptun") else { return }
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(client: ["--metrics", "127.0.0.1:\(port)"])) { _, client in
            try Exchange(byteCount: 1000).run(through: client.address, Deadline(seconds: 60))
            _ = try HTTPPage.get("/healthz", port: port)
            let top = try ChildProcess(path: kcptun, arguments: ["top", "127.0.0.1:\(port)"])
            try check(try top.waitForEnd() == .exit(0), top.report)
            let text = top.standardOutput
            try check(text.hasPrefix("kcptun-client ") && text.contains("SESSION"), top.report)
            try check(!text.contains("\u{1B}"), top.report)
            let nowhere = try ChildProcess(path: kcptun, arguments: ["top", "127.0.0.1:\(FreePort.take())"])
            try check(try nowhere.waitForEnd() == .exit(1), nowhere.report)
            try check(nowhere.standardError.contains("was the program started with --metrics"), nowhere.report)
        }
    }
}
