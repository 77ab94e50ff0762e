import Foundation
import TestSupport
import Testing

/// SIGHUP reads the configuration again; sessions and their streams stay.
@Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct ReloadTests {
    /// Slow enough that streams live for some seconds.
    private static let slow = #""ratelimit": 1500000"#
    private static let exchanges = (0..<6).map { _ in Exchange(byteCount: 300 << 10) }

    private static func withReloadableTunnel(
        client: String = "", server: String = "", target: String? = nil,
        _ body: @escaping @Sendable (Tunnel, TunnelClient, (client: SettingsFile, server: SettingsFile)) throws -> Void
    ) async throws {
        let files = (client: try SettingsFile("{\(client)}"), server: try SettingsFile("{\(server)}"))
        let flags = Tunnel.Flags(client: ["-c", files.client.path], server: ["-c", files.server.path])
        try await withTunnel(.oursAtBothEnds, flags, target: target) { tunnel, client in
            try body(tunnel, client, files)
        }
    }

    @Test func `new settings count, and no stream is lost`() async throws {
        let second = try Target(at: .ipv4(FreePort.take()))
        defer { second.stop() }
        let secondAddress = second.address.description
        try await Self.withReloadableTunnel(client: Self.slow, server: Self.slow) { tunnel, client, files in
            let load = try Load.start(Self.exchanges, tunnel, client)
            let changes = #""key": "a new secret", "crypt": "salsa20", "mtu": 1200, "mode": "fast3", "sndwnd": 2048"#
            try files.server.write(#"{\#(changes), \#(Self.slow), "target": "\#(secondAddress)"}"#)
            try tunnel.server.reload(untilLog: "changed for new connections: target")
            try files.client.write("{\(changes), \(Self.slow)}")
            try client.process.reload(untilLog: "crypt aes → salsa20")
            // Old streams go on with the old key, new ones get a session with the new key.
            let more = try Load.start([Exchange(byteCount: 10 << 10)], tunnel, client)
            try more.finish()
            try load.finish()
            for process in [tunnel.server, client.process] {
                let log = process.standardError
                try check(log.contains("changed at once: mode fast → fast3, sndwnd"), process.report)
                try check(log.contains("key (not shown)"), process.report)
                try check(!log.contains("new secret"), "the key is in the log")
            }
            try check(tunnel.server.standardError.contains(secondAddress), "the new target is not used")
        }
    }

    @Test(arguments: [#"{"mtu": "x""#, #"{"mode": "warp", "ratelimit": 1}"#, "[]"])
    func `a wrong file changes nothing, and no stream is lost`(text: String) async throws {
        try await Self.withReloadableTunnel(client: Self.slow, server: Self.slow) { tunnel, client, files in
            let load = try Load.start(Self.exchanges, tunnel, client)
            for (process, file) in [(tunnel.server, files.server), (client.process, files.client)] {
                try file.write(text)
                try process.reload(untilLog: "nothing is changed, the old settings stay: ")
            }
            try client.run([Exchange(byteCount: 1000)], seconds: 30)
            try load.finish()
        }
    }

    @Test func `what needs a restart is named`() async throws {
        try await Self.withReloadableTunnel { tunnel, client, files in
            try files.client.write(#"{"localaddr": ":1", "conn": 3}"#)
            try client.process.reload(untilLog: "this needs a restart: localaddr")
            try files.server.write(#"{"dscp": 3}"#)
            try tunnel.server.reload(untilLog: "this needs a restart: dscp 0 → 3")
            try client.run([Exchange(byteCount: 1000)], seconds: 30)
        }
    }

    @Test func `a client's next session goes to another server`() async throws {
        try await Self.withReloadableTunnel { tunnel, client, files in
            let other = try Tunnel(.oursAtBothEnds, Tunnel.Flags())
            defer { other.stop() }
            try client.run([Exchange(byteCount: 1000)], seconds: 30)
            try files.client.write(#"{"remoteaddr": "127.0.0.1:\#(other.serverPort)"}"#)
            try client.process.reload(untilLog: "changed for new sessions: remoteaddr")
            try client.run([Exchange(byteCount: 1000)], seconds: 30)
            try check(other.server.standardError.contains("stream opened"), "the other server has no stream")
            let isClosed = waitUntil(Deadline(seconds: 30)) {
                client.process.standardError.contains("session normally closed")
            }
            try check(isClosed, "the session that is not used any more stays")
        }
    }

    @Test func `log level and quiet change at once`() async throws {
        try await Self.withReloadableTunnel { _, client, files in
            try client.run([Exchange(byteCount: 1000)], seconds: 30)
            try files.client.write(#"{"quiet": true}"#)
            try client.process.reload(untilLog: "quiet false → true")
            let count = client.process.openedStreamCount
            try client.run([Exchange(byteCount: 1000)], seconds: 30)
            try check(client.process.openedStreamCount == count, "a quiet client logs streams")
            try files.client.write("{}")
            try client.process.reload(untilLog: "quiet true → false")
            try client.run([Exchange(byteCount: 1000)], seconds: 30)
            try check(client.process.openedStreamCount == count + 1, "the client is still quiet")
        }
    }

    @Test func `without a file there is nothing to read`() async throws {
        try await withTunnel(.oursAtBothEnds) { tunnel, client in
            for process in [tunnel.server, client.process] { try process.reload(untilLog: "nothing to read again") }
            try client.run([Exchange(byteCount: 1000)], seconds: 30)
        }
    }

    @Test func `the log file is opened again`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kcptun-log-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "log").path()
        try await onThread {
            let program = try #require(Program.ours.path(of: "server"))
            let server = try ChildProcess(
                path: program, arguments: ["-l", "127.0.0.1:\(FreePort.take())", "-log", path])
            let text = { (name: String) in (try? String(contentsOfFile: name, encoding: .utf8)) ?? "" }
            try check(waitUntil(Deadline(seconds: 20)) { text(path).contains("Listening on") }, server.report)
            try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
            server.send(SIGHUP)
            let isNew = waitUntil(Deadline(seconds: 20)) { text(path).contains("SIGHUP") }
            try check(isNew && !text(path + ".1").contains("SIGHUP"), "old: \(text(path + ".1")), new: \(text(path))")
        }
    }
}
