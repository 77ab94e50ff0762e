import PacketPrimitives
import Synchronization

/// The table of what has been said lately, for all loops: a client that tries again may come to another loop.
final class NoticeLimiter: Sendable {
    private let table = Mutex(NoticeTable())

    /// See `NoticeTable.note`.
    func note(_ subject: String, now: Instant) -> Int? { self.table.withLock { $0.note(subject, now: now) } }
}
