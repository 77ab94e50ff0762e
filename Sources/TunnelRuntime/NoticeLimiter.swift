import PacketPrimitives
import Synchronization

/// What has been said and examined lately, for all loops of a program: a client that tries again may come to another
/// loop.
final class NoticeLimiter: Sendable {
    private struct State {
        var table = NoticeTable()
        var lastExamination: Instant?
    }

    /// An examination takes about a millisecond, and anybody can cause one.
    private static let examinationPauseMilliseconds = 100

    private let state = Mutex(State())

    /// See `NoticeTable.note`.
    func note(_ subject: String, now: Instant) -> Int? {
        self.state.withLock { $0.table.note(subject, now: now) }
    }

    /// Whether a datagram may be examined now.
    func allowsExamination(now: Instant) -> Bool {
        self.state.withLock { state in
            if let last = state.lastExamination,
                now.milliseconds(since: last) < Self.examinationPauseMilliseconds
            {
                return false
            }
            state.lastExamination = now
            return true
        }
    }
}
