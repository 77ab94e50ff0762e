import BenchmarkSupport
import Synchronization

/// What has become of the connections of a soak.
package struct SoakCounts: Codable, Equatable, Sendable {
    package var completeConnections = 0
    /// Given up by their own application.
    package var resetConnections = 0
    /// Ended by a restart of one of the programs.
    package var cutByRestart = 0
    /// Ended early, or without an answer for a minute, while no program was restarted.
    package var lostConnections = 0
    package var lostBytes = 0
    /// With a byte that was not sent there.
    package var wrongConnections = 0
    package var checkedBytes = 0

    package init() {}
}

/// The connections' results and the times at which they may fail.
final class SoakTally: Sendable {
    private struct State {
        var counts = SoakCounts()
        var disturbances: [(start: Nanoseconds, end: Nanoseconds?)] = []
    }

    private let state = Mutex(State())

    /// After a program is back, connections of before may still find out that they are over.
    private static let graceSeconds = 10.0

    var counts: SoakCounts { self.state.withLock { $0.counts } }

    /// A program is being restarted from now on.
    func beginRestart() { self.state.withLock { $0.disturbances.append((.now, nil)) } }

    func endRestart() {
        let end = Nanoseconds.now + Nanoseconds(count: Int64(Self.graceSeconds * 1e9))
        self.state.withLock { $0.disturbances[$0.disturbances.count - 1].end = end }
    }

    func add(_ reception: CheckedRequest.Reception, of request: CheckedRequest, since start: Nanoseconds) {
        let now = Nanoseconds.now
        self.state.withLock { state in
            state.counts.checkedBytes += reception.byteCount
            if !reception.isRight {
                state.counts.wrongConnections += 1
            } else if reception.isComplete {
                state.counts.completeConnections += 1
            } else if state.disturbances.contains(where: { $0.start <= now && $0.end ?? now >= start }) {
                state.counts.cutByRestart += 1
            } else {
                state.counts.lostConnections += 1
                state.counts.lostBytes += request.answerByteCount - reception.byteCount
            }
        }
    }

    func addReset() { self.state.withLock { $0.counts.resetConnections += 1 } }
}
