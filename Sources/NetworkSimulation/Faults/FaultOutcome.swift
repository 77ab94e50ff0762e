/// What has happened in a run with faults.
package struct FaultOutcome: Sendable {
    /// What cannot be; empty if all promises were kept.
    package var findings: [String]
    package var client: FaultCounts
    package var server: FaultCounts
    package var towardServer: LinkStatistics
    package var towardClient: LinkStatistics
    package var replayCount: Int
    /// Of virtual time.
    package var milliseconds: Int
    package var stepCount: Int
}

/// What one end has seen.
package struct FaultCounts: Equatable, Sendable {
    package var sessions = 0
    /// Sessions that have failed by themselves.
    package var failures = 0
    /// Sessions whose client was found at another address.
    package var moves = 0
    package var streams = 0
    /// Those that were carried both ways to their ends.
    package var completeStreams = 0
    package var receivedBytes = 0

    package init() {}

    mutating func add(_ session: FaultedSession) {
        self.completeStreams += session.application.completeStreamCount
        self.receivedBytes += session.application.receivedByteCount
    }

    package static func += (left: inout FaultCounts, right: FaultCounts) {
        left.sessions += right.sessions
        left.failures += right.failures
        left.moves += right.moves
        left.streams += right.streams
        left.completeStreams += right.completeStreams
        left.receivedBytes += right.receivedBytes
    }
}
