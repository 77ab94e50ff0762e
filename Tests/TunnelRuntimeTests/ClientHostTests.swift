import DatagramIO
import NIOCore
import NIOPosix
import PacketPrimitives
import Synchronization
import Testing

@testable import TunnelRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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

    /// How long a stream's first try may take to read what it must not lose.
    private static let readTime = Duration.milliseconds(300)

    @Test(.timeLimit(.minutes(2))) func `what is written while a stream waits to begin again arrives`() async throws {
        let echo = try await LocalTunnel.echo()
        let target = try #require(echo.localAddress)
        let port = try LocalTunnel.freePort()
        let forgetful = try await LocalTunnel.server(port: port, target: target)
        let gate = Gate()
        let lookup = NameLookup { _ in
            gate.pass()
            return [.ipv4(0x7F00_0001, port: 0)]
        }
        let client = try await LocalTunnel.client("server.test:\(port)", log: self.log, lookup: lookup)
        try await LocalTunnel.exchange(through: client)
        await forgetful.shutdown()
        gate.isOpen = false
        defer { gate.isOpen = true }
        try await LocalTunnel.withConnection(to: client) { inbound, outbound in
            let bytes = SlowTarget.text(of: 1, 0..<500_000)
            try await outbound.write(ByteBuffer(bytes: bytes.prefix(1000)))
            let server = try await LocalTunnel.server(port: port, target: target)
            let isLookingUp = try await becomesTrue { gate.hasVisitor }
            #expect(isLookingUp)
            async let writing: Void = outbound.write(ByteBuffer(bytes: bytes.dropFirst(1000)))
            try await Task.sleep(for: Self.readTime)
            gate.isOpen = true
            try await writing
            let answer = try await LocalTunnel.read(bytes.count, from: inbound)
            #expect(answer == bytes)
            await server.shutdown()
        }
        await client.shutdown()
        try await echo.close()
    }

    @Test(.timeLimit(.minutes(2))) func `what an application says and ends before there is a session arrives`()
        async throws
    {
        let echo = try await LocalTunnel.echo()
        let port = try LocalTunnel.freePort()
        let server = try await LocalTunnel.server(port: port, target: #require(echo.localAddress))
        let gate = Gate()
        gate.isOpen = false
        defer { gate.isOpen = true }
        let lookup = NameLookup { _ in
            gate.pass()
            return [.ipv4(0x7F00_0001, port: 0)]
        }
        let client = try await LocalTunnel.client("server.test:\(port)", log: self.log, lookup: lookup)
        let request = SlowTarget.text(of: 1, 0..<100_000)
        let answer = try await LocalTunnel.withConnection(to: client) { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: request))
            outbound.finish()
            let isLookingUp = try await becomesTrue { gate.hasVisitor }
            #expect(isLookingUp)
            try await Task.sleep(for: Self.readTime)
            gate.isOpen = true
            return try await LocalTunnel.read(request.count, from: inbound)
        }
        #expect(answer == request)
        await client.shutdown()
        await server.shutdown()
        try await echo.close()
    }

    /// Where those wait who look up a name.
    private final class Gate: Sendable {
        private let state = Mutex((isOpen: true, hasVisitor: false))

        var isOpen: Bool {
            get { self.state.withLock { $0.isOpen } }
            set { self.state.withLock { $0.isOpen = newValue } }
        }
        /// Whether somebody waits, or has waited.
        var hasVisitor: Bool { self.state.withLock { $0.hasVisitor } }

        func pass() {
            while !self.isOpen {
                self.state.withLock { $0.hasVisitor = true }
                usleep(10_000)
            }
        }
    }

    @Test(.timeLimit(.minutes(2))) func `a connection does not wait for a server that refuses`() async throws {
        let (mute, nobody) = (try LocalTunnel.muteServer(), try LocalTunnel.muteServer())
        defer { for socket in [mute, nobody] { socket.close() } }
        // So nobody else gets the port, and who is not `mute` is refused.
        try nobody.connect(to: mute.localAddress)
        let client = try await LocalTunnel.client("127.0.0.1:\(nobody.localAddress.port)", log: self.log)
        let port = try #require(client.localAddress.split(separator: ":").last.flatMap { Int($0) })
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port).get()
        try await connection.writeAndFlush(ByteBuffer(string: "anybody there?")).get()
        try await connection.closeFuture.get()
        #expect(self.lines(with: "refuses our packets").count == 1)
        // The session says so when its connections are closed.
        let hasEnded = try await becomesTrue { self.lines(with: "the server has never answered").count == 1 }
        #expect(hasEnded)
        let reasons = await client.snapshot().failedRemotes.values
        #expect(reasons.contains { $0.contains("the server has never answered") })
        await client.shutdown()
    }

    @Test(.timeLimit(.minutes(2))) func `with one remote that is an address nothing is said`() async throws {
        try await self.exchange { "127.0.0.1:\($0)" }
        #expect(self.lines(with: "remote").isEmpty)
    }
}
