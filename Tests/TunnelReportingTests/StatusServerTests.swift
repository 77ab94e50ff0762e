import NIOCore
import NIOPosix
import Testing
import TunnelReporting
import TunnelRuntime

/// The server over real sockets.
@Suite struct StatusServerTests {
    private static func get(_ path: String, method: String = "GET") -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    }

    private static func body(of answer: String) -> String {
        guard let end = answer.firstRange(of: "\r\n\r\n") else { return "" }
        return String(answer[end.upperBound...])
    }

    @Test(arguments: [
        ("/", "text/html; charset=utf-8", "<!DOCTYPE html>"),
        ("/metrics", "text/plain; version=0.0.4; charset=utf-8", "# HELP kcptun_build_info"),
        ("/status.json", "application/json", "{"), ("/healthz", "text/plain; charset=utf-8", "ok\n"),
    ])
    func `every path has its content`(path: String, type: String, start: String) async throws {
        let answer = try await withStatusServer { try await HTTPConversation.answer(to: Self.get(path), port: $0) }
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("Content-Type: \(type)\r\n"))
        let body = Self.body(of: answer)
        #expect(body.hasPrefix(start))
        #expect(answer.contains("Content-Length: \(body.utf8.count)\r\n"))
    }

    @Test func `what is served can be read`() async throws {
        try await withStatusServer { port in
            let metrics = try await HTTPConversation.answer(to: Self.get("/metrics"), port: port)
            #expect(MetricsLint(Self.body(of: metrics)).complaints == [])
            let json = try await HTTPConversation.answer(to: Self.get("/status.json"), port: port)
            #expect(try StatusDocument(bytes: Array(Self.body(of: json).utf8)).sessions.count == 2)
        }
    }

    @Test(arguments: ["/", "/metrics", "/status.json", "/healthz"])
    func `HEAD has the length but no body`(path: String) async throws {
        let answer = try await withStatusServer {
            try await HTTPConversation.answer(to: Self.get(path, method: "HEAD"), port: $0)
        }
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && Self.body(of: answer) == "")
        #expect(!answer.contains("Content-Length: 0\r\n") && answer.contains("Content-Length: "))
    }

    @Test(arguments: [
        (get("/nothing"), "404 Not Found"), (get("/", method: "POST"), "405 Method Not Allowed"),
        (get("/metrics", method: "DELETE"), "405 Method Not Allowed"),
        ("POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc", "405 Method Not Allowed"),
        ("GET / HTTP/1.0\r\n\r\n", "200 OK"), ("nonsense\r\n\r\n", "400 Bad Request"),
        ("GET /\r\n\r\n", "400 Bad Request"), ("\u{0}\u{1}\u{2}", "400 Bad Request"),
        ("GET / HTTP/1.1\r\nbad header\r\n\r\n", "400 Bad Request"),
    ])
    func `other requests are refused politely`(request: String, status: String) async throws {
        let answer = try await withStatusServer { try await HTTPConversation.answer(to: request, port: $0) }
        #expect(answer.hasPrefix("HTTP/1.") && answer.prefix { $0 != "\r" }.contains(status), "\(answer)")
    }

    @Test func `refusals say what is allowed`() async throws {
        let answer = try await withStatusServer {
            try await HTTPConversation.answer(to: Self.get("/", method: "PUT"), port: $0)
        }
        #expect(answer.contains("Allow: GET, HEAD\r\n"))
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 20_000) + "\r\n\r\n",
        "GET /" + String(repeating: "a", count: 20_000) + " HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 4000) + "\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + String(repeating: "z", count: 40_000),
    ])
    func `a request that is too long ends the connection`(request: String) async throws {
        try await withStatusServer { port in
            let answer = try await HTTPConversation.answer(to: request, port: port)
            // The answer is lost if the other side was still sending.
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"))
            let next = try await HTTPConversation.answer(to: Self.get("/healthz"), port: port)
            #expect(next.hasSuffix("ok\n"))
        }
    }

    @Test func `a connection serves many requests, also if they come at once`() async throws {
        let count = 60
        let requests =
            String(repeating: "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n", count: count) + Self.get("/nothing")
        let answer = try await withStatusServer { try await HTTPConversation.answer(to: requests, port: $0) }
        #expect(answer.matches(of: /HTTP\/1.1 200 OK/).count == count)
        #expect(answer.matches(of: /HTTP\/1.1 404/).count == 1)
    }

    @Test(arguments: ["GET /metrics HTTP/1.0\r\n\r\n", "GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n"])
    func `who ends the connection behind the request gets the answer`(request: String) async throws {
        let answer = try await withStatusServer {
            try await HTTPConversation.answer(to: request, port: $0, finishes: true)
        }
        #expect(answer.hasPrefix("HTTP/1.") && answer.contains(" 200 OK") && answer.hasSuffix("\n"))
    }

    @Test func `who says nothing and leaves is let go`() async throws {
        let answer = try await withStatusServer { try await HTTPConversation.answer(to: "", port: $0, finishes: true) }
        #expect(answer == "" || answer.hasPrefix("HTTP/1.1 400"))
    }

    @Test func `many connections at once are served, and too many are turned away`() async throws {
        try await withStatusServer { port in
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await HTTPConversation.answer(to: Self.get("/metrics"), port: port) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.hasPrefix("HTTP/1.1 200") })
            // Open and silent.
            let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            var idle: [any Channel] = []
            for _ in 0..<StatusServer.connectionLimit {
                idle.append(try await bootstrap.connect(host: "127.0.0.1", port: port).get())
            }
            let turnedAway = try await HTTPConversation.answer(to: "", port: port)
            #expect(turnedAway.isEmpty || turnedAway.hasPrefix("HTTP/1.1 503"))
            for channel in idle { try await channel.close() }
            var answer = ""
            for _ in 0..<500 where !answer.hasPrefix("HTTP/1.1 200") {
                answer = try await HTTPConversation.answer(to: Self.get("/healthz"), port: port)
            }
            #expect(answer.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `event loops that do not answer are told`() async throws {
        var patience = StatusPatience.endless
        patience.answer = .seconds(1)
        let answer = try await withStatusServer(
            patience: patience,
            snapshot: {
                try? await Task.sleep(for: .seconds(8))
                return Samples.host()
            }
        ) { try await HTTPConversation.answer(to: Self.get("/healthz"), port: $0) }
        #expect(answer.hasPrefix("HTTP/1.1 503") && answer.contains("do not answer"))
    }

    @Test func `a host without loops is shutting down`() async throws {
        let answer = try await withStatusServer(snapshot: {
            var host = Samples.host()
            host.loops = []
            return host
        }) { try await HTTPConversation.answer(to: Self.get("/healthz"), port: $0) }
        #expect(answer.hasPrefix("HTTP/1.1 503"))
    }

    @Test func `a port that is taken cannot be had`() async throws {
        let error = try await withStatusServer { port in
            await #expect(throws: (any Error).self) {
                try await StatusServer.start(
                    at: .tcp(host: "127.0.0.1", port: port), program: Samples.program, snapshot: { Samples.host() })
            }
        }
        #expect(error != nil)
    }

    @Test func `an empty host means all addresses`() async throws {
        let server = try await StatusServer.start(
            at: .tcp(host: "", port: 0), program: Samples.program, snapshot: { Samples.host() })
        let port = Int(server.localAddress.split(separator: ":").last!)!
        let answer = try await HTTPConversation.answer(to: Self.get("/healthz"), port: port)
        #expect(answer.hasSuffix("ok\n"))
        await server.shutdown()
    }
}
