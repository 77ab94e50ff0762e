import Foundation
import TestSupport
import Testing

/// Our programs as plugins of the real shadowsocks-libev (SIP003).
@Suite(
    .enabled(if: Program.oursIsReal && Shadowsocks.isInstalled, "needs shadowsocks-libev and curl"))
struct ShadowsocksTests {
    private static let options = #"mode=fast3;key=semi\;colon\=\\;crypt=aes-128-gcm;sndwnd=1024;rcvwnd=1024"#

    /// Runs `body` on a thread with a file of `byteCount` bytes on a web server, and shadowsocks before it.
    private static func withShadowsocks(
        _ setup: Shadowsocks.Setup, _ body: @escaping @Sendable (Shadowsocks, _ url: String, [UInt8]) throws -> Void,
        byteCount: Int = 1 << 20
    ) async throws {
        try await Limiter.tunnels.run {
            try await onThread {
                let file = Payload.make(seed: 7, byteCount: byteCount)
                let web = try WebServer(serving: file)
                defer { web.stop() }
                let shadowsocks = try Shadowsocks(setup)
                defer { shadowsocks.stop() }
                do {
                    try body(shadowsocks, web.url, file)
                } catch {
                    throw Failure("\(error)\n\(shadowsocks.report)")
                }
            }
        }
    }

    private static func checkDownload(_ shadowsocks: Shadowsocks, _ url: String, _ file: [UInt8]) throws {
        let received = try shadowsocks.download(url, seconds: 120)
        try check(received.count == file.count, "\(received.count) of \(file.count) bytes")
        try check(Payload.sha256(received) == Payload.sha256(file), "the SHA-256 of the download is wrong")
    }

    @Test(.timeLimit(.minutes(10))) func `a download of 50 MB has the right SHA-256`() async throws {
        let setup = Shadowsocks.Setup(clientOptions: Self.options, serverOptions: Self.options)
        try await Self.withShadowsocks(setup, Self.checkDownload, byteCount: 50_000_000)
    }

    @Test(
        .timeLimit(.minutes(10)),
        arguments: [
            Shadowsocks.Setup(
                clientPlugin: "kcptun", serverPlugin: "kcptun", clientOptions: "nocomp", serverOptions: "nocomp;server"),
            Shadowsocks.Setup(clientOptions: "quiet", host: "::1"),
        ])
    func `the role may be an option, and the address IPv6`(setup: Shadowsocks.Setup) async throws {
        try await Self.withShadowsocks(setup, Self.checkDownload)
    }

    @Test(.timeLimit(.minutes(10)), arguments: [SIGTERM, SIGKILL])
    func `plugins end with the program that started them`(signal: Int32) async throws {
        try await Self.withShadowsocks(Shadowsocks.Setup()) { shadowsocks, _, _ in
            let plugins = shadowsocks.plugins
            try check(plugins.count == 2, "\(plugins.count) plugins run instead of 2")
            for process in [shadowsocks.client, shadowsocks.server] { process.send(signal) }
            let haveEnded = waitUntil(Deadline(seconds: 20)) { !plugins.contains(where: isRunning) }
            plugins.filter(isRunning).forEach { kill($0, SIGKILL) }
            try check(haveEnded, "a plugin goes on alone")
        }
    }

    @Test(arguments: [("client", "bogus=1", "bogus"), ("server", "mtu=x", "mtu"), ("client", "crypt=rot13", "rot13")])
    func `a wrong option is named`(role: String, options: String, word: String) async throws {
        try await onThread {
            guard let path = Program.ours.path(of: role) else { throw Failure("kcptun-\(role) has not been built") }
            let variables = [
                "SS_REMOTE_HOST": "127.0.0.1", "SS_REMOTE_PORT": "\(FreePort.take())", "SS_LOCAL_HOST": "127.0.0.1",
                "SS_LOCAL_PORT": "\(FreePort.take())", "SS_PLUGIN_OPTIONS": options,
            ]
            let plugin = try ChildProcess(path: path, arguments: [], environment: variables)
            let ending = try plugin.waitForEnd()
            try check(ending == .exit(78), plugin.report)
            try check(plugin.standardError.contains(word), plugin.report)
        }
    }
}

/// A web server that answers every request with the same file.
private struct WebServer {
    private let listener: StreamListener

    init(serving file: [UInt8]) throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(file.count)\r\nConnection: close\r\n\r\n"
        self.listener = try StreamListener(at: .ipv4(FreePort.take())) { connection in
            let deadline = Deadline(seconds: 120)
            var request: [UInt8] = []
            while !request.suffix(4).elementsEqual("\r\n\r\n".utf8) {
                guard let byte = try? connection.read(byteCount: 1, deadline) else { return }
                request += byte
            }
            try? connection.write(Array(head.utf8) + file, deadline)
        }
    }

    var url: String { "http://\(self.listener.address)/file" }

    func stop() { self.listener.stop() }
}
