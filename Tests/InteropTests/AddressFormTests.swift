import Foundation
import Testing

/// The forms of addresses that `-l`, `-r` and `-t` take (protocol 06 §4).
@Suite struct AddressFormTests {
    private static let exchanges = [Exchange(byteCount: 1 << 20), Exchange(byteCount: 1)]

    private static func socketPath() -> String {
        FileManager.default.temporaryDirectory.appending(path: "k\(UInt32.random(in: 0 ... .max)).sock")
            .path(percentEncoded: false)
    }

    @Test(arguments: Pair.available) func `everything over IPv6`(pair: Pair) async throws {
        let target = try Target(at: .ipv6(FreePort.take()))
        defer { target.stop() }
        try await withTunnel(
            pair, target: "\(target.address)", host: "[::1]", listen: .ipv6(FreePort.take())
        ) { _, client in
            try client.run(Self.exchanges, seconds: 30)
        }
    }

    @Test(arguments: Pair.available) func `a target that is a unix socket`(pair: Pair) async throws {
        let target = try Target(at: .unix(Self.socketPath()))
        defer {
            target.stop()
            unlink("\(target.address)")
        }
        try await withTunnel(pair, target: "\(target.address)") { _, client in
            try client.run(Self.exchanges, seconds: 30)
        }
    }

    @Test(.enabled(if: Program.oursIsReal), arguments: Pair.available.filter { $0.client == .ours })
    func `a client that listens on a unix socket`(pair: Pair) async throws {
        let path = Self.socketPath()
        defer { unlink(path) }
        try await withTunnel(pair, listen: .unix(path)) { _, client in try client.run(Self.exchanges, seconds: 30) }
    }

    @Test func `several sessions at once`() async throws {
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(client: ["-conn", "4"])) { _, client in
            try client.run((0..<16).map { _ in Exchange(byteCount: 1 << 20) }, atOnce: true, seconds: 60)
        }
    }
}
