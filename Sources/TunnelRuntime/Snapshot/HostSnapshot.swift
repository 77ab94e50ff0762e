package import DatagramIO
import NIOCore
package import PacketPrimitives
package import TunnelCore

/// Everything that a host can tell about itself at one moment: sums, and one entry for each session.
///
/// It is a copy, taken on each event loop when somebody asks, and free to go anywhere. Nothing is gathered when nobody
/// asks.
package struct HostSnapshot: Sendable {
    package var role: TunnelRole
    /// On the loops' clock.
    package var time: Instant
    /// Sums over all sessions, ended ones included.
    package var totals = HostStatistics()
    package var sessions: [SessionSnapshot] = []
    /// Sessions that a client is just making.
    package var connectingCount = 0
    /// Servers of a client with which the last try has come to nothing, and why.
    package var failedRemotes: [String: String] = [:]
    package var loops: [LoopSnapshot] = []
    /// What the kernel gave less than was asked for, each kind once.
    package var bufferShortfalls: [BufferShortfall] = []

    package init(role: TunnelRole, time: Instant) {
        self.role = role
        self.time = time
    }

    /// What all loops hold.
    package var heldMemory: MemoryFigures {
        self.loops.reduce(into: MemoryFigures()) { total, loop in
            total.heldByteCount += loop.memory.heldByteCount
            total.limitByteCount = loop.memory.limitByteCount
            total.shedding += loop.memory.shedding
        }
    }

    /// Takes note of a session that has not ended.
    package mutating func add(_ session: SessionSnapshot) {
        self.totals.add(session.statistics, streams: session.figures.streamCount)
        self.sessions.append(session)
    }

    package mutating func add(_ shortfalls: [BufferShortfall]) {
        for shortfall in shortfalls where !self.bufferShortfalls.contains(shortfall) {
            self.bufferShortfalls.append(shortfall)
        }
    }

    /// Adds what another loop of the host has told.
    package static func += (left: inout HostSnapshot, right: HostSnapshot) {
        left.totals += right.totals
        left.sessions += right.sessions
        left.connectingCount += right.connectingCount
        left.failedRemotes.merge(right.failedRemotes) { $1 }
        left.loops += right.loops
        left.add(right.bufferShortfalls)
    }
}

/// What an event loop tells about itself.
package struct LoopSnapshot: Sendable {
    /// How late it has been.
    package var lag: LagHistogram
    /// Memory that bursts of datagrams pass through, bytes.
    package var burstByteCount: Int
    /// What its sessions hold.
    package var memory: MemoryFigures

    package init(lag: LagHistogram, burstByteCount: Int, memory: MemoryFigures = MemoryFigures()) {
        self.lag = lag
        self.burstByteCount = burstByteCount
        self.memory = memory
    }
}

extension HostSnapshot {
    /// Asks all loops at once; `add` takes the figures of one part on its own loop. The time that the question waits is
    /// a sample of the loop's lag.
    static func take<Part>(
        _ role: TunnelRole, loops: [NIOLoopBound<LoopContext>], parts: [NIOLoopBound<Part>],
        _ add: @escaping @Sendable (Part, inout HostSnapshot) -> Void
    ) async -> HostSnapshot {
        let asked = LoopContext.clock
        let answers = loops.map { loop in
            let parts = parts.filter { $0.eventLoop === loop.eventLoop }
            return loop.eventLoop.submit { () -> HostSnapshot in
                loop.value.lag.add(microseconds: LoopContext.clock.microseconds(since: asked))
                var snapshot = HostSnapshot(role: role, time: asked)
                snapshot.loops = [loop.value.snapshot]
                for part in parts { add(part.value, &snapshot) }
                return snapshot
            }
        }
        var total = HostSnapshot(role: role, time: asked)
        for answer in answers {
            // A loop that has been shut down has nothing more to tell.
            if let snapshot = try? await answer.get() { total += snapshot }
        }
        return total
    }
}
