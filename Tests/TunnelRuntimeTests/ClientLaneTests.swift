import DatagramIO
import NIOCore
import PacketPrimitives
import Testing
import TunnelCore

@testable import TunnelRuntime

@Suite struct ClientLaneTests {
    /// A lane on its event loop, and what it has given to those who asked. Nothing but `make` and `run` may be used
    /// elsewhere.
    private final class Bench {
        let lane: ClientLane
        var sessions: [HostedSession?] = []
        private let server: DatagramSocket
        private let owner = Owner()

        static func make() async throws -> NIOLoopBound<Bench> {
            let loop = try await LocalTunnel.loopContext()
            return try await loop.run { NIOLoopBound(try Bench($0), eventLoop: $0.eventLoop) }
        }

        private init(_ loop: LoopContext) throws {
            self.server = try LocalTunnel.muteServer()
            let configuration = try LocalTunnel.clientConfiguration("\(self.server.localAddress)")
            let log = RecordingLog().hostLog
            self.lane = ClientLane(
                loop: loop, configuration: configuration,
                remotes: ClientRemotes(configuration.remotes, lookup: .system, log: log), log: log,
                owner: self.owner)
        }

        func ask() { self.lane.serve(.init(since: self.lane.loop.now) { self.sessions.append($0) }) }

        func close() {
            self.lane.close()
            self.server.close()
        }
    }

    private final class Owner: ClientLaneOwner {
        func laneConnected(_ lane: ClientLane) {}
        func laneFailed(_ lane: ClientLane) -> Bool { false }
    }

    private static func waitForSession(_ bench: NIOLoopBound<Bench>, _ number: Int) async throws {
        let isThere = try await becomesTrue { (try? await bench.run { $0.sessions.count >= number }) ?? false }
        try #require(isThere)
    }

    /// As when a machine wakes up: first the timers find that nothing has come for too long, then a connection is accepted.
    @Test(.timeLimit(.minutes(2))) func `a session that has just failed gets no stream, and the stream gets another`()
        async throws
    {
        let bench = try await Bench.make()
        try await bench.run { $0.ask() }
        try await Self.waitForSession(bench, 1)
        try await bench.run { bench in
            let now = bench.lane.loop.now.advanced(milliseconds: 3_600_000)
            _ = bench.sessions[0]?.session.handleTimeout(now: now)
            bench.ask()
        }
        try await Self.waitForSession(bench, 2)
        let (isOther, canOpen) = try await bench.run { bench in
            defer { bench.close() }
            let second = bench.sessions[1]
            let pump = second?.openStream { _ in StreamDescription(inbound: .nobody, outbound: .nobody) }
            return (second !== bench.sessions[0], pump != nil)
        }
        #expect(isOther)
        #expect(canOpen)
    }
}
