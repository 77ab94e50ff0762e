import Foundation
import Testing

/// What does not fit between the two ends is named in the log of every end that is ours.
@Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct MismatchTests {
    /// One difference, and the words that name it.
    struct Case: CustomTestStringConvertible, Sendable {
        var pair: Pair
        var difference: String
        var client: [String]
        var server: [String]
        /// In the client's log, if it is ours.
        var clientWords: [String] = []
        /// In the server's log, if it is ours.
        var serverWords: [String] = []

        var testDescription: String { "\(self.pair), \(self.difference)" }
    }

    private static let silence = ["no valid answer", "-key or -crypt"]
    private static let givenUp = ["given up this session", "-smuxver or -nocomp"]

    private static let cases: [Case] = [
        Case(
            pair: .debianToOurs, difference: "key", client: ["-key", "another"], server: [],
            serverWords: ["datagrams that cannot be read", "its -key is another"]),
        Case(
            pair: .debianToOurs, difference: "default key", client: ["-key", "it's a secrect"], server: [],
            serverWords: ["datagrams that cannot be read", "it uses the default key"]),
        Case(
            pair: .debianToOurs, difference: "cipher", client: ["-crypt", "sm4"], server: [],
            serverWords: ["datagrams that cannot be read", "-crypt sm4, this end aes"]),
        Case(
            pair: .debianToOurs, difference: "cipher that the other does not know", client: ["-crypt", "aes-128-gcm"],
            server: ["-crypt", "aes-128-gcm"], serverWords: ["-crypt aes, this end aes-128-gcm", "older releases"]),
        Case(
            pair: .debianToOurs, difference: "no cipher here", client: [], server: ["-crypt", "null"],
            serverWords: ["-crypt aes, this end null"]),
        Case(
            pair: .debianToOurs, difference: "smux version, strict", client: ["-smuxver", "1"], server: ["-strict"],
            serverWords: ["smux 1 and compression, this server smux 2", "-strict"]),
        Case(
            pair: .debianToOurs, difference: "compression, strict", client: ["-smuxver", "2", "-nocomp"],
            server: ["-strict"], serverWords: ["smux 2 and no compression", "without -nocomp"]),
        Case(
            pair: .debianToOurs, difference: "QPP", client: [], server: ["-QPP"],
            serverWords: ["this end uses QPP and the other does not"]),
        Case(
            pair: .oursToDebian, difference: "key", client: ["-key", "another"], server: [], clientWords: Self.silence),
        Case(
            pair: .oursToDebian, difference: "cipher", client: ["-crypt", "sm4"], server: [], clientWords: Self.silence),
        Case(
            pair: .oursToDebian, difference: "smux version", client: ["-smuxver", "2"], server: [],
            clientWords: Self.givenUp),
        Case(
            pair: .oursToDebian, difference: "compression", client: ["-smuxver", "1", "-nocomp"], server: [],
            clientWords: Self.givenUp),
        Case(
            pair: .oursToDebian, difference: "no compression", client: ["-smuxver", "1"], server: ["-nocomp"],
            clientWords: Self.givenUp),
        Case(
            pair: .oursToDebian, difference: "QPP", client: ["-smuxver", "1", "-QPP"], server: [],
            clientWords: ["this end uses QPP and the other does not"]),
        Case(
            pair: .oursAtBothEnds, difference: "key", client: ["-key", "another"], server: [],
            clientWords: Self.silence, serverWords: ["its -key is another"]),
        Case(
            pair: .oursAtBothEnds, difference: "QPP at the client", client: ["-QPP"], server: [],
            clientWords: ["this end uses QPP and the other does not"],
            serverWords: ["the other end uses QPP and this one does not"]),
        Case(
            pair: .oursAtBothEnds, difference: "QPP at the server", client: [], server: ["-QPP"],
            clientWords: ["the other end uses QPP and this one does not"],
            serverWords: ["this end uses QPP and the other does not"]),
        Case(
            pair: .oursAtBothEnds, difference: "smux version, strict", client: ["-smuxver", "1"], server: ["-strict"],
            clientWords: ["the server runs with -strict", "smux 1 and compression"],
            serverWords: ["smux 1 and compression, this server smux 2"]),
    ]

    private static let available = Self.cases.filter { $0.pair.isInstalled }

    @Test(arguments: available)
    func `a mismatch is named in every log of ours`(mismatch: Case) async throws {
        try await Self.withTalkativeTarget { target in
            let flags = Tunnel.Flags(
                both: ["-key", "some long secret"], client: mismatch.client, server: mismatch.server)
            try await withTunnel(mismatch.pair, flags, target: target) { tunnel, client in
                let connection = try StreamSocket(connectingTo: client.address)
                try connection.write(Array("GET / HTTP/1.1\r\n\r\n".utf8), Deadline(seconds: 5))
                for (process, words) in [(client.process, mismatch.clientWords), (tunnel.server, mismatch.serverWords)]
                where !words.isEmpty {
                    let isNamed = waitUntil(Deadline(seconds: 20)) { !Self.lines(of: process, with: words).isEmpty }
                    try check(isNamed, "nothing is said of \(words)")
                }
                if mismatch.clientWords == Self.silence { try Self.checkEnd(of: connection) }
            }
        }
    }

    /// Where the server has a name, connections wait for its first answer.
    @Test func `nobody is left waiting for a server with a name and another key`() async throws {
        let flags = Tunnel.Flags(both: ["-key", "some long secret"], client: ["-key", "another"], server: [])
        try await withTunnel(.oursAtBothEnds, flags, host: "localhost") { _, client in
            let connection = try StreamSocket(connectingTo: client.address)
            try connection.write([1, 2, 3], Deadline(seconds: 5))
            try Self.checkEnd(of: connection)
        }
    }

    /// The application is not left waiting.
    private static func checkEnd(of connection: StreamSocket) throws {
        var buffer: [UInt8] = [0]
        do {
            let count = try connection.readSome(into: &buffer, limit: 1, Deadline(seconds: 15))
            try check(count == 0, "somebody has answered")
        } catch let failure as Failure {
            try check(failure.description.contains("reset"), "the connection is held: \(failure)")
        }
    }

    @Test(
        .enabled(if: Program.debian.isInstalled),
        arguments: [["-smuxver", "1"], ["-smuxver", "2", "-nocomp"], ["-smuxver", "1", "-crypt", "xor"]])
    func `clients that try again and again get one line`(clientFlags: [String]) async throws {
        let flags = Tunnel.Flags(both: ["-key", "some long secret"], client: clientFlags, server: ["-strict"])
        try await withTunnel(.debianToOurs, flags) { tunnel, first in
            for _ in 0..<5 {
                let client = try tunnel.startClient()
                defer { client.process.end() }
                let connection = try StreamSocket(connectingTo: client.address)
                try connection.write([1, 2, 3], Deadline(seconds: 5))
                let isNamed = waitUntil(Deadline(seconds: 20)) { !Self.complaints(of: tunnel.server).isEmpty }
                try check(isNamed, "nothing is said")
            }
            let said = Self.complaints(of: tunnel.server)
            try check(said.count == 1, "\(said.count) lines instead of one")
            try check(Self.lines(of: tunnel.server, with: ["remote address"]).isEmpty, "a client is announced")
        }
    }

    @Test func `nothing is complained about when everything fits`() async throws {
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(both: ["-key", "some long secret", "-QPP"])) {
            tunnel, client in
            try client.run((0..<10).map { _ in Exchange(byteCount: 1000) }, seconds: 20)
            // Longer than the time after which silence would be named.
            sleep(7)
            try client.run([Exchange(byteCount: 1000)], seconds: 20)
            for process in [tunnel.server, client.process] {
                try check(Self.complaints(of: process).isEmpty, "something is complained about")
            }
        }
    }

    // MARK: Support

    /// With a target that answers whatever it gets as a web server would.
    private static func withTalkativeTarget(_ body: (String) async throws -> Void) async throws {
        let listener = try StreamListener(at: .ipv4(FreePort.take())) { connection in
            var buffer = [UInt8](repeating: 0, count: 1)
            _ = try? connection.readSome(into: &buffer, limit: 1, Deadline(seconds: 30))
            try? connection.write(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), Deadline(seconds: 5))
        }
        defer { listener.stop() }
        try await body("\(listener.address)")
    }

    private static func lines(of process: ChildProcess, with words: [String]) -> [String] {
        process.standardError.split(separator: "\n").map(String.init).filter { line in
            words.allSatisfy { line.contains($0) }
        }
    }

    /// What the program has explained.
    private static func complaints(of process: ChildProcess) -> [String] {
        let openings = ["session closed", "cannot be read", "no valid answer", "acknowledges data", "makes sense only"]
        return openings.flatMap { Self.lines(of: process, with: [$0]) }
    }
}
