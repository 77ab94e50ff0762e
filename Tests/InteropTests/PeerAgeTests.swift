import Foundation
import LinkRelay
import NetworkSimulation
import TestSupport
import Testing

/// A server of ours with its defaults takes clients of the original as they come.
@Suite(.enabled(if: Program.debian.isInstalled && Program.oursIsReal, "needs Debian's kcptun: scripts/setup --tests"))
struct PeerAgeTests {
    /// How a client of the original may be set.
    private static let clientFlags: [[String]] = ["1", "2"].flatMap { version in
        [[], ["-nocomp"]].flatMap { compression in
            [("10", "3"), ("5", "5"), ("0", "0")].map { data, parity in
                ["-smuxver", version, "-ds", data, "-ps", parity] + compression
            }
        }
    }

    private static let flags = Tunnel.Flags(both: ["-key", "peers of every age", "-mode", "fast2"])

    @Test(arguments: [nil, LinkConditions.lossy])
    func `clients with all smux versions, compressions and FEC counts are served at the same time`(
        conditions: LinkConditions?
    ) async throws {
        try await Self.withServer { tunnel in
            let relay = try conditions.map {
                try LinkRelay(
                    .init(
                        serverPort: tunnel.serverPort, towardServer: $0, towardClients: $0,
                        seed: .random(in: 0 ... .max)))
            }
            defer { relay?.stop() }
            let clients = try Self.clientFlags.map { try tunnel.startClient(relayPort: relay?.port, flags: $0) }
            defer { clients.forEach { $0.process.end() } }
            let byteCount = conditions == nil ? 2 << 20 : 256 << 10
            try Self.atOnce(clients) { client in
                try client.run([Exchange(byteCount: byteCount), Exchange(byteCount: 1000)], seconds: 60)
                try client.run((0..<4).map { _ in Exchange(byteCount: 64 << 10) }, atOnce: true, seconds: 60)
            }
            let log = tunnel.server.standardError
            try check(Self.count("remote address: ", in: log) == clients.count, "not one session per client")
            try check(
                Self.count("client uses smux 1, no compression, no FEC; adapting", in: log) == 1, "nothing is said")
            try check(Self.count("client uses FEC 5/5; adapting", in: log) == 4, "nothing is said of the parity")
        }
    }

    /// The parity that we send in the client's own counts is of use to it.
    @Test func `a client with other counts rebuilds lost packets from our parity`() async throws {
        // Counts that are set are kept to: else there is parity only where it pays.
        try await Self.withServer(["-ds", "10", "-ps", "3"]) { tunnel in
            let conditions = LinkConditions.lossy
            let relay = try LinkRelay(
                .init(
                    serverPort: tunnel.serverPort, towardServer: conditions, towardClients: conditions,
                    seed: .random(in: 0 ... .max)))
            defer { relay.stop() }
            // The name of the file is a date format to the program: no digits.
            let folder = FileManager.default.temporaryDirectory.appending(path: "kcptun-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let counters = folder.appending(path: "counters")
            let client = try tunnel.startClient(
                relayPort: relay.port,
                flags: ["-ds", "5", "-ps", "5", "-snmplog", counters.path(percentEncoded: false), "-snmpperiod", "1"])
            defer { client.process.end() }
            try client.run([Exchange(byteCount: 4 << 20)], seconds: 60)
            let isRecovering = waitUntil(Deadline(seconds: 10)) { Self.largest("FECRecovered", in: counters) > 0 }
            try check(isRecovering, "the client has rebuilt nothing: \(client.process.report)")
        }
    }

    // MARK: Support

    private static func withServer(
        _ serverFlags: [String] = [], _ body: @escaping @Sendable (Tunnel) throws -> Void
    ) async throws {
        try await Limiter.tunnels.run {
            try await onThread {
                var flags = Self.flags
                flags.server += serverFlags
                let tunnel = try Tunnel(.debianToOurs, flags)
                defer { tunnel.stop() }
                do { try body(tunnel) } catch { throw Failure("\(error)\n\(tunnel.server.report)") }
            }
        }
    }

    private static func atOnce(
        _ clients: [TunnelClient], _ work: @escaping @Sendable (TunnelClient) throws -> Void
    ) throws {
        let failures = FailureList()
        let group = DispatchGroup()
        for client in clients {
            group.enter()
            Thread.detachNewThread {
                do { try work(client) } catch { failures.add("\(error)\n\(client.process.report)") }
                group.leave()
            }
        }
        group.wait()
        if let first = failures.all.first {
            throw Failure("\(failures.all.count) clients failed; one of them: \(first)")
        }
    }

    private static func count(_ text: String, in log: String) -> Int {
        log.components(separatedBy: text).count - 1
    }

    /// The largest value in a column of a counter log.
    private static func largest(_ column: String, in file: URL) -> Int {
        let lines = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n")
        let rows = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard let index = rows.first?.firstIndex(where: { $0 == column }) else { return 0 }
        return rows.dropFirst().compactMap { $0.count > index ? Int($0[index]) : nil }.max() ?? 0
    }
}
