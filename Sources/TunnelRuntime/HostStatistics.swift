import Ciphers
package import DatagramIO
import NIOCore
package import TunnelCore

/// What a host counts about datagrams before they belong to a session.
package struct IngressCounters: Equatable, Sendable {
    package var tooShort: UInt64 = 0
    package var failedChecksum: UInt64 = 0
    /// Copies of datagrams that had come before.
    package var replayedDatagrams: UInt64 = 0
    /// Packets of no conversation that we know, or that do not start one.
    package var refusedPackets: UInt64 = 0
    package var sessionsAccepted: UInt64 = 0
    package var sessionsOpened: UInt64 = 0
    package var shedding = SheddingCounters()

    package init() {}

    /// All that was refused before it came to a session.
    var uselessCount: UInt64 {
        self.tooShort + self.failedChecksum + self.replayedDatagrams + self.refusedPackets
            + self.shedding.hastyPackets + self.shedding.replayedPackets
    }

    mutating func add(_ result: OpenResult) {
        self.tooShort += UInt64(result.tooShort)
        self.failedChecksum += UInt64(result.failedChecksum)
        self.replayedDatagrams += UInt64(result.replayed)
    }

    package static func += (left: inout IngressCounters, right: IngressCounters) {
        left.tooShort += right.tooShort
        left.failedChecksum += right.failedChecksum
        left.replayedDatagrams += right.replayedDatagrams
        left.refusedPackets += right.refusedPackets
        left.sessionsAccepted += right.sessionsAccepted
        left.sessionsOpened += right.sessionsOpened
        left.shedding += right.shedding
    }
}

/// All that a host, or one loop of it, has counted: a copy, free to go to other threads.
package struct HostStatistics: Sendable {
    /// Sums over all sessions, ended ones included.
    package var sessions = SessionStatistics()
    package var ingress = IngressCounters()
    package var socket = DatagramStatistics()
    package var sessionCount = 0
    /// The most sessions that there were at one time: the sum of what the event loops have seen, each at its own time.
    package var mostSessions = 0
    package var streamCount = 0

    package init() {}

    init(ended: SessionStatistics, ingress: IngressCounters, socket: DatagramStatistics?) {
        self.sessions = ended
        self.ingress = ingress
        if let socket { self.socket = socket }
    }

    mutating func add(_ session: SessionStatistics, streams: Int) {
        self.sessions.add(session)
        self.sessionCount += 1
        self.streamCount += streams
    }

    package static func += (left: inout HostStatistics, right: HostStatistics) {
        left.sessions.add(right.sessions)
        left.ingress += right.ingress
        left.socket += right.socket
        left.sessionCount += right.sessionCount
        left.mostSessions += right.mostSessions
        left.streamCount += right.streamCount
    }

    /// Asks every part on its own loop and adds up the answers.
    static func sum<Part>(
        _ parts: [NIOLoopBound<Part>], _ statistics: @escaping @Sendable (Part) -> HostStatistics
    ) async -> HostStatistics {
        var total = HostStatistics()
        for part in parts {
            guard let one = try? await part.eventLoop.submit({ statistics(part.value) }).get() else { continue }
            total += one
        }
        return total
    }
}
