import Foundation
import TestSupport
import Testing

/// What a service manager sees of the programs.
@Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct ServiceTests {
    private static func start(
        _ role: String, _ arguments: [String] = [], environment: [String: String]
    ) throws -> ChildProcess {
        guard let path = Program.ours.path(of: role) else { throw Failure("kcptun-\(role) has not been built") }
        return try ChildProcess(
            path: path, arguments: ["-l", "127.0.0.1:\(FreePort.take())"] + arguments, environment: environment)
    }

    private static func socketPath() -> String {
        FileManager.default.temporaryDirectory.appending(path: "notify-\(UUID().uuidString.prefix(8))").path()
    }

    @Test(arguments: ["client", "server"])
    func `the manager is told of start, reading again and end`(role: String) async throws {
        try await onThread {
            let socket = try DatagramListener(path: Self.socketPath())
            let file = try SettingsFile("{}")
            let process = try Self.start(role, ["-c", file.path], environment: ["NOTIFY_SOCKET": socket.path])
            try socket.wait(for: "READY=1")
            try file.write(#"{"mode": "fast3"}"#)
            process.send(SIGHUP)
            let reloading = try socket.wait(for: "RELOADING=1")
            let time = reloading.first { $0.hasPrefix("MONOTONIC_USEC=") }.flatMap { Int($0.dropFirst(15)) } ?? 0
            try check(time > 0, "no time in \(reloading)")
            let ready = try socket.wait(for: "READY=1")
            try check(ready.contains("STATUS=\(file.path) read again"), "\(ready)")
            try file.write("{")
            process.send(SIGHUP)
            try socket.wait(for: "RELOADING=1")
            let refused = try socket.wait(for: "READY=1")
            try check(refused.contains("STATUS=\(file.path) refused, the old settings stay"), "\(refused)")
            process.send(SIGTERM)
            try socket.wait(for: "STOPPING=1")
            let ending = try process.waitForEnd(seconds: 60)
            try check(ending == .exit(0), "\(ending)")
        }
    }

    @Test func `the watchdog hears of it as long as the loops answer`() async throws {
        try await onThread {
            let socket = try DatagramListener(path: Self.socketPath())
            let process = try Self.start(
                "server", environment: ["NOTIFY_SOCKET": socket.path, "WATCHDOG_USEC": "200000"])
            for _ in 0..<3 { try socket.wait(for: "WATCHDOG=1") }
            process.end()
        }
    }

    @Test func `a watchdog for another process is left alone`() async throws {
        try await onThread {
            let socket = try DatagramListener(path: Self.socketPath())
            let process = try Self.start(
                "server",
                environment: ["NOTIFY_SOCKET": socket.path, "WATCHDOG_USEC": "100000", "WATCHDOG_PID": "1"])
            try socket.wait(for: "READY=1")
            usleep(1_000_000)
            process.send(SIGTERM)
            let stopping = try socket.wait(for: "STOPPING=1", orFailAt: "WATCHDOG=1")
            try check(!stopping.isEmpty, "nothing said")
        }
    }

    #if os(Linux)
        @Test func `lines for the journal have a priority and no time`() async throws {
            try await onThread {
                guard let path = Program.ours.path(of: "server") else { throw Failure("not built") }
                let script = #"JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec "$0" "$@""#
                let server = try ChildProcess(
                    path: "/bin/sh", arguments: ["-c", script, path, "-l", "127.0.0.1:\(FreePort.take())"])
                try server.waitForLog(["Listening on"])
                let lines = server.standardError.split(separator: "\n")
                try check(lines.first == "<6>version: \(Self.version(path))", "\(lines)")
                try check(lines.contains { $0.hasPrefix("<4>the default key is in use") }, "\(lines)")
                server.send(SIGTERM)
                _ = try server.waitForEnd()
                let refused = try ChildProcess(path: "/bin/sh", arguments: ["-c", script, path, "-mode", "warp"])
                let ending = try refused.waitForEnd()
                try check(ending == .exit(78) && refused.standardError.hasPrefix("<3>--mode"), refused.report)
            }
        }

        private static func version(_ path: String) throws -> String {
            let process = try ChildProcess(path: path, arguments: ["-version"])
            _ = try process.waitForEnd()
            return process.standardOutput.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
        }
    #endif

    @Test func `lines are JSON objects if that is asked for`() async throws {
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(both: ["-log-format", "json"])) { tunnel, client in
            try client.run([Exchange(byteCount: 1000)], seconds: 30)
            struct Line: Decodable {
                var time: String
                var level: String
                var message: String
            }
            for process in [client.process, tunnel.server] {
                let lines = try process.standardError.split(separator: "\n").map {
                    try JSONDecoder().decode(Line.self, from: Data($0.utf8))
                }
                try check(lines.contains { $0.message.hasPrefix("stream opened") && $0.level == "debug" }, "\(lines)")
                try check(lines.contains { $0.message.hasPrefix("version: ") && $0.level == "info" }, "\(lines)")
            }
        }
    }

    @Test func `the check of a configuration ends with its exit code`() async throws {
        try await onThread {
            guard let client = Program.ours.path(of: "client") else { throw Failure("not built") }
            let path = client.replacingOccurrences(of: "kcptun-client", with: "kcptun")
            let good = try SettingsFile(#"{"listen": ":29900", "mtu": 1300}"#)
            let bad = try SettingsFile(#"{"listen": "nowhere"}"#)
            for (arguments, code) in [
                (["check", "-c", good.path], Int32(0)), (["check", "-c", bad.path], 78), (["check"], 64),
                (["check", "server", "--", "-bogus"], 64),
            ] {
                let process = try ChildProcess(path: path, arguments: arguments)
                let ending = try process.waitForEnd()
                try check(ending == .exit(code), "\(arguments): \(ending): \(process.report)")
            }
        }
    }
}

/// The receiving end of a unix datagram socket.
private final class DatagramListener: @unchecked Sendable {
    let path: String
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        self.descriptor = socket(AF_UNIX, SocketType.datagram, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(self.descriptor, $0, size) }
        }
        guard result == 0 else { throw Failure("bind \(path): \(String(cString: strerror(errno)))") }
    }

    deinit {
        close(self.descriptor)
        unlink(self.path)
    }

    /// Waits for a datagram with the line; returns all of its lines.
    @discardableResult
    func wait(for line: String, orFailAt unwanted: String? = nil) throws -> [String] {
        let deadline = Deadline(seconds: 30)
        while true {
            var waiting = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, deadline.milliseconds) == 1 else { throw Failure("\(line) did not come") }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = max(0, recv(self.descriptor, &buffer, buffer.count, 0))
            let lines = String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: "\n").map(String.init)
            if let unwanted { try check(!lines.contains(unwanted), "\(unwanted) came") }
            if lines.contains(line) { return lines }
        }
    }
}
