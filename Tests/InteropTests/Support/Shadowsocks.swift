import Foundation

/// shadowsocks-libev at both ends with our programs as its plugins, on free ports of this machine.
final class Shadowsocks: Sendable {
    /// How it is set up.
    struct Setup: Sendable, CustomStringConvertible {
        /// Our programs for the two roles.
        var clientPlugin = "kcptun-client"
        var serverPlugin = "kcptun-server"
        var clientOptions = ""
        var serverOptions = ""
        /// Where the plugins meet.
        var host = "127.0.0.1"

        var description: String {
            "\(self.clientPlugin) \(self.clientOptions) → \(self.serverPlugin) \(self.serverOptions), \(self.host)"
        }
    }

    let server: ChildProcess
    let client: ChildProcess
    /// Where applications connect to.
    let socksPort: UInt16

    private static let serverProgram = "/usr/bin/ss-server"
    private static let clientProgram = "/usr/bin/ss-local"
    private static let secret = ["-k", "a password", "-m", "aes-256-gcm"]

    static var isInstalled: Bool {
        [self.serverProgram, self.clientProgram, "/usr/bin/curl"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    /// Starts the server, then the client, and waits until each can be used.
    init(_ setup: Setup) throws {
        let port = FreePort.take()
        self.server = try Self.start(
            Self.serverProgram, ["-s", setup.host, "-p", "\(port)"], setup.serverPlugin, setup.serverOptions)
        try self.server.waitForLog(["Listening on: "])
        self.socksPort = FreePort.take()
        self.client = try Self.start(
            Self.clientProgram, ["-s", setup.host, "-p", "\(port)", "-b", "127.0.0.1", "-l", "\(self.socksPort)"],
            setup.clientPlugin, setup.clientOptions)
        try self.client.waitForLog(["key derivation done"])
        try self.client.waitForLog(["listening at"])
    }

    private static func start(
        _ program: String, _ arguments: [String], _ plugin: String, _ options: String
    ) throws -> ChildProcess {
        guard let path = Program.ours.path(ofExecutable: plugin) else { throw Failure("\(plugin) has not been built") }
        return try ChildProcess(
            path: program, arguments: arguments + Self.secret + ["--plugin", path, "--plugin-opts", options])
    }

    /// Fetches a page through the tunnel.
    func download(_ url: String, seconds: Int) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appending(path: "kcptun-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let curl = try ChildProcess(
            path: "/usr/bin/curl",
            arguments: [
                "--silent", "--show-error", "--fail", "--max-time", "\(seconds)", "--noproxy", "",
                "--socks5-hostname", "127.0.0.1:\(self.socksPort)", "--output", file.path(percentEncoded: false), url,
            ])
        let ending = try curl.waitForEnd(seconds: Double(seconds) + 10)
        try check(ending == .exit(0), "\(curl.report)\n\(self.report)")
        return [UInt8](try Data(contentsOf: file))
    }

    /// The plugins that run now.
    var plugins: [pid_t] { [self.client, self.server].flatMap(\.children) }

    var report: String { "\(self.client.report)\n\(self.server.report)" }

    /// Ends the two programs, and plugins that go on without them.
    func stop() {
        let plugins = self.plugins
        self.client.end()
        self.server.end()
        _ = waitUntil(Deadline(seconds: 10)) { !plugins.contains(where: isRunning) }
        plugins.filter(isRunning).forEach { kill($0, SIGKILL) }
    }
}

/// Whether there is such a process, which is no child of this one.
func isRunning(_ process: pid_t) -> Bool { kill(process, 0) == 0 }

extension ChildProcess {
    /// The processes that the program has started (Linux).
    var children: [pid_t] {
        let path = "/proc/\(self.processIdentifier)/task/\(self.processIdentifier)/children"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: " ").compactMap { pid_t($0) }
    }
}
