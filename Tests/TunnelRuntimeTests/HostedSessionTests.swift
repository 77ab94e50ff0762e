import DatagramIO
import NIOCore
import Smux
import Synchronization
import Testing
import TunnelCore

@testable import TunnelRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite struct HostedSessionTests {
    /// Of a peer whose second FIN cuts a stream off.
    private static let introduction = LoneSession.frame(.noOperation, 0x5357_4B00 | Capabilities.all.rawValue)
    private static let begin = LoneSession.frame(.synchronize, 3)
    private static let cutOff = LoneSession.frame(.finish, 3) + LoneSession.frame(.finish, 3)

    @Test func `a session that has ended is given no more memory`() async throws {
        let lone = try await LoneSession.make(.client)
        let held = try await lone.run { lone in
            lone.close()
            lone.session.bytesTowardTunnel += 1 << 20
            lone.session.account()
            return lone.session.loop.memory.heldByteCount
        }
        #expect(held == 0)
    }

    // MARK: Sleep

    /// As of a process that was stopped: when it goes on, all its timers have run out.
    @Test(.timeLimit(.minutes(2))) func `what has come while an event loop stood still is read before its timers`()
        async throws
    {
        let echo = try await LocalTunnel.echo()
        let port = try LocalTunnel.freePort()
        let server = try await LocalTunnel.server(
            port: port, target: #require(echo.localAddress),
            multiplexer: Smux.Configuration(keepAliveIntervalSeconds: 1))
        let openedCount = Mutex(0)
        let log = RecordingLog { line in
            guard line.hasPrefix("stream opened") else { return }
            let count = openedCount.withLock { count in
                count += 1
                return count
            }
            if count == 2 { usleep(4_000_000) }
        }
        let client = try await LocalTunnel.client(
            "127.0.0.1:\(port)", log: log,
            multiplexer: Smux.Configuration(keepAliveIntervalSeconds: 1, keepAliveTimeoutSeconds: 2))
        try await LocalTunnel.exchange(through: client)
        try await LocalTunnel.exchange(through: client)
        #expect(!log.lines.contains { $0.hasPrefix("session closed") })
        await client.shutdown()
        await server.shutdown()
        try await echo.close()
    }

    // MARK: Streams of the peer

    @Test func `of streams with the same id in one packet the last is announced`() async throws {
        let lone = try await LoneSession.make(.server)
        try await lone.run { $0.receive(Self.introduction + Self.begin + Self.cutOff + Self.begin) }
        let (opened, ended) = try await lone.run { lone in
            defer { lone.close() }
            return (lone.owner.opened.count, lone.owner.opened.filter(\.isEnded).count)
        }
        #expect(opened == 1 && ended == 0)
    }

    @Test func `a stream ends when its peer uses its id again`() async throws {
        let lone = try await LoneSession.make(.server)
        try await lone.run { $0.receive(Self.introduction + Self.begin) }
        try await lone.run { $0.receive(Self.cutOff + Self.begin) }
        let (areEnded, count) = try await lone.run { lone in
            defer { lone.close() }
            return (lone.owner.opened.map(\.isEnded), lone.session.openStreamCount)
        }
        #expect(areEnded == [true, false])
        #expect(count == 1)
    }

    @Test func `a server that opens a stream finds nobody, and the client goes on`() async throws {
        let lone = try await LoneSession.make(.client)
        try await lone.run { $0.receive(LoneSession.frame(.synchronize, 2)) }
        let (hasHeard, isEnded, count) = try await lone.run { lone in
            defer { lone.close() }
            return (lone.session.hasHeardFrames, lone.session.isEnded, lone.session.streamCount)
        }
        #expect(hasHeard && !isEnded)
        #expect(count == 0)
    }

    // MARK: A port that takes nothing

    @Test(.timeLimit(.minutes(2))) func `while its port takes nothing a session has nothing to do`() async throws {
        let lone = try await LoneSession.make(.client, rules: .fixed(bytesPerSecond: 100_000))
        try await lone.run { lone in
            lone.refuse(50)
            lone.openStreams(4000)
        }
        let isResumed = try await becomesTrue {
            (try? await lone.run { $0.refusalsLeft == 0 && !$0.session.port.isBlocked }) ?? false
        }
        #expect(isResumed)
        let firings = try await lone.run { lone in
            defer { lone.close() }
            return lone.session.loop.lag.count
        }
        #expect(firings < 200)
    }

    @Test(.timeLimit(.minutes(2))) func `a session that leaves a port that takes nothing goes on from another`()
        async throws
    {
        let lone = try await LoneSession.make(.client)
        try await lone.run { lone in
            lone.refuse(.max)
            lone.openStreams(1)
        }
        let isWaiting = try await becomesTrue { (try? await lone.run { $0.session.waitsForPort }) ?? false }
        #expect(isWaiting)
        try await lone.run { lone in
            try lone.move()
            lone.refuse(1)
        }
        let goesOn = try await becomesTrue(within: 30) {
            (try? await lone.run { $0.socket.statistics.sentDatagrams > 0 && !$0.session.waitsForPort }) ?? false
        }
        #expect(goesOn)
        try await lone.run { $0.close() }
    }
}
