import Foundation
import TestSupport
import Testing

/// What goes wrong on the operator's side is said in one clear line; a program that cannot go on ends with a code
/// other than 0, and a client never ends for a reason of the network.
@Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct OperatorErrorTests {
    // The exit codes (sysexits.h); a port or socket that cannot be had is 1.
    private static let usage: Int32 = 64
    private static let configuration: Int32 = 78
    private static let failure: Int32 = 1

    /// Starts one of our programs with flags that it must refuse, and returns what it says.
    private static func refusal(of role: String, _ arguments: [String]) async throws -> (line: String, code: Int32) {
        try await onThread {
            guard let path = Program.ours.path(of: role) else { throw Failure("kcptun-\(role) has not been built") }
            let listen = arguments.contains("-l") ? [] : ["-l", "127.0.0.1:\(FreePort.take())"]
            let process = try ChildProcess(path: path, arguments: arguments + listen)
            guard case .exit(let code) = try process.waitForEnd() else { throw Failure(process.report) }
            // The line that says where to find the list of flags may follow.
            let lines = process.standardError.split(separator: "\n").filter { !$0.hasPrefix("Try --help") }
            return (lines.last.map(String.init) ?? "", code)
        }
    }

    private static func temporaryFile(_ text: String) throws -> URL {
        let file = FileManager.default.temporaryDirectory.appending(path: "kcptun-\(UUID().uuidString).json")
        try Data(text.utf8).write(to: file)
        return file
    }

    /// The lines of a program's log that hold one of the words, without the start-up lines.
    private static func complaints(in process: ChildProcess, about words: [String]) -> [String] {
        let log = process.standardError.split(separator: "\n").map(String.init)
        let start = log.lastIndex { $0.contains("key derivation done") }.map { $0 + 1 } ?? 0
        return log[start...].filter { line in words.contains { line.localizedCaseInsensitiveContains($0) } }
    }

    // MARK: A program that cannot start

    @Test(arguments: [
        ("client", ["-bogus", "1"], "bogus", usage), ("server", ["--bogus"], "bogus", usage),
        ("client", ["-mtu", "abc"], "abc", usage), ("server", ["-crypt", "rot13"], "aes-128", configuration),
        ("client", ["-mode", "warp"], "fast3", configuration), ("client", ["-smuxver", "3"], "smuxver", configuration),
        ("client", ["-conn", "0"], "conn", configuration),
        ("client", ["-c", "/no/such/file.json"], "/no/such/file.json", configuration),
        ("server", ["-log", "/no/such/folder/log"], "/no/such/folder/log", configuration),
        ("server", ["-l", "127.0.0.1:nowhere"], "nowhere", configuration),
        ("client", ["-l", "/no/such/folder/kcptun.sock"], "/no/such/folder/kcptun.sock", failure),
        ("server", ["-l", "192.0.2.1:29900"], "192.0.2.1", failure),
    ])
    func `a wrong flag is named`(role: String, arguments: [String], word: String, code: Int32) async throws {
        let refusal = try await Self.refusal(of: role, arguments)
        #expect(refusal.code == code)
        #expect(refusal.line.contains(word), "last line on standard error: \(refusal.line)")
    }

    @Test(arguments: ["client", "server"], ["{ \"mtu\": ", "{ \"mtu\": \"large\" }", "[]"])
    func `a bad configuration file is named`(role: String, text: String) async throws {
        let file = try Self.temporaryFile(text)
        defer { try? FileManager.default.removeItem(at: file) }
        let refusal = try await Self.refusal(of: role, ["-c", file.path(percentEncoded: false)])
        #expect(refusal.code == Self.configuration)
        #expect(
            refusal.line.contains(file.lastPathComponent) || refusal.line.contains("mtu"),
            "last line on standard error: \(refusal.line)")
    }

    @Test func `a busy port is named`() async throws {
        try await withTunnel(.oursAtBothEnds) { tunnel, client in
            guard case .ipv4(let port) = client.address else { return }
            for (role, number) in [("client", port), ("server", tunnel.serverPort)] {
                let path = Program.ours.path(of: role) ?? ""
                let second = try ChildProcess(path: path, arguments: ["-l", "127.0.0.1:\(number)"])
                let ending = try second.waitForEnd()
                try check(ending == .exit(Self.failure), "\(ending) instead of exit code \(Self.failure)")
                let line = second.standardError.split(separator: "\n").last ?? ""
                try check(line.contains("\(number)"), "last line on standard error: \(line)")
            }
        }
    }

    @Test func `an existing file is not taken for a unix socket to listen on`() async throws {
        let file = try Self.temporaryFile("precious")
        defer { try? FileManager.default.removeItem(at: file) }
        let path = file.path(percentEncoded: false)
        let refusal = try await Self.refusal(of: "client", ["-l", path])
        #expect(refusal.code == Self.failure)
        #expect(refusal.line.contains(path))
        #expect(try String(contentsOf: file, encoding: .utf8) == "precious")
    }

    // MARK: A program that goes on

    @Test(arguments: ["127.0.0.1:1", "/no/such/target.sock"])
    func `a target that is down is named, and the client's connection ends`(target: String) async throws {
        try await withTunnel(.oursAtBothEnds, target: target) { tunnel, client in
            let answer = try Exchange(byteCount: 10).collectAnswerOrReset(
                through: client.address, Deadline(seconds: 20))
            try check(answer.isEmpty, "an answer came from nowhere")
            let isNamed = waitUntil(Deadline(seconds: 5)) {
                !Self.complaints(in: tunnel.server, about: [target]).isEmpty
            }
            try check(isNamed, "nothing is said about it")
            try check(tunnel.server.endingIfEnded == nil, "the server has ended")
            try check(client.process.endingIfEnded == nil, "the client has ended")
        }
    }

    @Test func `a server that is down is named, the client lives on, and works when the server comes`() async throws {
        try await withTunnel(.oursAtBothEnds) { tunnel, client in
            tunnel.stop()
            let connection = try StreamSocket(connectingTo: client.address)
            try connection.write([1, 2, 3], Deadline(seconds: 5))
            let isNamed = waitUntil(Deadline(seconds: 60)) {
                !Self.complaints(in: client.process, about: ["\(tunnel.serverPort)", "server"])
                    .filter { !$0.contains("smux version") && !$0.contains("stream opened") }.isEmpty
            }
            try check(isNamed, "nothing is said about it")
            try check(client.process.endingIfEnded == nil, "the client has ended")
            let secondServer = try tunnel.startServerAgain()
            defer { secondServer.end() }
            let works = waitUntil(Deadline(seconds: 90)) {
                (try? Exchange(byteCount: 1000).run(through: client.address, Deadline(seconds: 10))) != nil
            }
            try check(works, "no exchange succeeds with the new server: \(secondServer.report)")
        }
    }

    @Test(arguments: [["-key", "another"], ["-crypt", "sm4"]])
    func `a wrong key is suspected in the log`(clientFlags: [String]) async throws {
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(client: clientFlags)) { tunnel, client in
            let connection = try StreamSocket(connectingTo: client.address)
            try connection.write([1, 2, 3], Deadline(seconds: 5))
            let isSuspected = waitUntil(Deadline(seconds: 60)) {
                [tunnel.server, client.process].contains { !Self.complaints(in: $0, about: ["key"]).isEmpty }
            }
            try check(isSuspected, "no word of the key")
            try check(client.process.endingIfEnded == nil, "the client has ended")
            try check(tunnel.server.endingIfEnded == nil, "the server has ended")
        }
    }
}

extension Exchange {
    /// What arrives until the connection ends in whatever way.
    fileprivate func collectAnswerOrReset(through address: StreamAddress, _ deadline: Deadline) throws -> [UInt8] {
        do {
            return try self.collectAnswer(through: address, deadline)
        } catch let failure as Failure where !failure.description.contains("time is up") {
            return []
        }
    }
}
