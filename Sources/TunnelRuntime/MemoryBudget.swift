/// What the sessions of one event loop hold, and what that means for them. The sum over all loops is what counts, and it
/// is kept below a limit: first the sessions that hold most are held back, then nobody gets anything more.
struct MemoryBudget {
    /// How much of the limit is in use.
    enum Level: Comparable {
        case free
        /// More than 80 %.
        case tight
        /// More than 95 %. What is left is for what is under way.
        case full
    }

    let limit: MemoryLimit
    /// What this loop holds.
    private(set) var heldByteCount = 0
    /// What it has taken of the limit.
    private var takenByteCount = 0
    var shedding = MemoryShedding()

    /// What a session may always hold. It is counted from its beginning, so it is there.
    static let sessionByteCount = 32 * 1024
    /// What a stream and its connection cost without any bytes of theirs.
    static let streamByteCount = 3 * 1024

    init(limit: MemoryLimit) { self.limit = limit }

    /// The loop holds so much more, or less.
    mutating func change(by byteCount: Int) {
        self.heldByteCount += byteCount
        let spare = self.takenByteCount - self.heldByteCount
        let piece = self.limit.pieceByteCount
        if spare < 0 {
            self.take((-spare + piece - 1) / piece * piece)
        } else if spare >= 2 * piece || self.heldByteCount == 0 {
            self.take(-(spare - (self.heldByteCount == 0 ? 0 : piece)))
        }
    }

    private mutating func take(_ byteCount: Int) {
        self.takenByteCount += byteCount
        if byteCount > 0 { self.limit.take(byteCount) } else { self.limit.giveBack(-byteCount) }
    }

    var level: Level {
        let (taken, limit) = (self.limit.takenByteCount, self.limit.byteCount)
        if taken > limit / 100 * 95 { return .full }
        return taken > limit / 5 * 4 ? .tight : .free
    }

    /// How much a session that holds `byteCount` may hold at most; `nil` if it need not care.
    ///
    /// What may be held without trouble is shared out evenly. Whoever holds no more than the share goes on as before,
    /// until there is next to nothing left: then nobody gets more than there is already.
    func allowance(holding byteCount: Int) -> Int? {
        let level = self.level
        guard level > .free else { return nil }
        let share = max(self.limit.byteCount / 5 * 4 / max(1, self.limit.sessionCount), Self.sessionByteCount)
        if level == .full { return min(share, max(byteCount, Self.sessionByteCount)) }
        return byteCount > share ? share : nil
    }

    /// What the loop tells of it.
    var figures: MemoryFigures {
        MemoryFigures(
            heldByteCount: self.heldByteCount, limitByteCount: self.limit.byteCount, shedding: self.shedding)
    }
}

/// What was refused or held back to stay below the limit.
package struct MemoryShedding: Hashable, Sendable {
    package var refusedSessions: UInt64 = 0
    package var refusedStreams: UInt64 = 0
    /// How often a session was held back.
    package var heldBackSessions: UInt64 = 0

    package init() {}

    package static func += (left: inout MemoryShedding, right: MemoryShedding) {
        left.refusedSessions += right.refusedSessions
        left.refusedStreams += right.refusedStreams
        left.heldBackSessions += right.heldBackSessions
    }
}

/// What an event loop holds of what all loops together may hold.
package struct MemoryFigures: Hashable, Sendable {
    package var heldByteCount: Int
    package var limitByteCount: Int
    package var shedding: MemoryShedding

    package init(heldByteCount: Int = 0, limitByteCount: Int = .max, shedding: MemoryShedding = MemoryShedding()) {
        self.heldByteCount = heldByteCount
        self.limitByteCount = limitByteCount
        self.shedding = shedding
    }
}
