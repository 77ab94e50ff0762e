import DatagramIO
import NIOCore
import PacketPrimitives
import Synchronization
import Testing

@testable import TunnelRuntime

/// A client that has to find its server.
@Suite struct ClientHostTests {
    private let log = RecordingLog()

    /// Runs an exchange through a client with these remotes; the server has the port that `remotes` is given.
    private func exchange(_ remotes: (UInt16) -> String, lookup: NameLookup = .system) async throws {
        let echo = try await LocalTunnel.echo()
        let port = try LocalTunnel.freePort()
        let server = try await LocalTunnel.server(port: port, target: #require(echo.localAddress))
        let client = try await LocalTunnel.client(remotes(port), log: self.log, lookup: lookup)
        try await LocalTunnel.exchange(through: client)
        await client.shutdown()
        await server.shutdown()
        try await echo.close()
    }

    private func lines(with word: String) -> [String] { self.log.lines.filter { $0.contains(word) } }

    @Test(.timeLimit(.minutes(2))) func `of several addresses of a name the one with the server is found`() async throws
    {
        let hosts = ["127.0.0.2", "127.0.0.3", "127.0.0.1"].compactMap { PeerAddress(numericHost: $0, port: 0) }
        try await self.exchange({ "server.test:\($0)" }, lookup: NameLookup { _ in hosts })
        #expect(self.lines(with: "(127.0.0.2) failed: ").count == 1)
        #expect(self.lines(with: "(127.0.0.3) failed: ").count == 1)
    }

    @Test(.timeLimit(.minutes(2))) func `a remote that does not answer is left for the next`() async throws {
        let mute = try LocalTunnel.muteServer()
        defer { mute.close() }
        try await self.exchange { "127.0.0.1:\(mute.localAddress.port),127.0.0.1:\($0)" }
        let line = try #require(self.lines(with: " failed: ").first)
        #expect(line.hasPrefix("remote \(mute.localAddress) failed: no valid answer for 2.0 s; using 127.0.0.1:"))
    }

    @Test(.timeLimit(.minutes(2))) func `a connection waits until the name resolves, and then is served`() async throws
    {
        let lookupCount = Mutex(0)
        let lookup = NameLookup { _ in
            let count = lookupCount.withLock { count in
                count += 1
                return count
            }
            guard count > 3 else { throw AddressError.unresolvable(reason: "not yet") }
            return [.ipv4(0x7F00_0001, port: 0)]
        }
        try await self.exchange({ "server.test:\($0)" }, lookup: lookup)
        #expect(lookupCount.withLock { $0 } >= 4)
        #expect(self.lines(with: "re-connecting: server.test: the name cannot be resolved (not yet)").count == 1)
    }

    @Test(.timeLimit(.minutes(2))) func `a name that moves to another address is followed`() async throws {
        let lookupCount = Mutex(0)
        let lookup = NameLookup { _ in
            let isOld = lookupCount.withLock { count in
                count += 1
                return count < 3
            }
            return [.ipv4(isOld ? 0x7F00_0002 : 0x7F00_0001, port: 0)]
        }
        try await self.exchange({ "server.test:\($0)" }, lookup: lookup)
        #expect(lookupCount.withLock { $0 } >= 3)
        #expect(self.lines(with: "(127.0.0.2) failed: ").count == 1)
    }

    @Test(.timeLimit(.minutes(2))) func `with one remote that is an address nothing is said`() async throws {
        try await self.exchange { "127.0.0.1:\($0)" }
        #expect(self.lines(with: "remote").isEmpty)
    }
}
