import PacketPrimitives

/// Tells a stream that moves much from one that says a little now and then: it has moved more than so much within
/// about a second, either way, or has long had more to send than gets away.
struct BulkWatch {
    private var windowStart: Instant?
    /// Bytes of the present window, and of the one before.
    private var current = 0
    private var previous = 0
    private var backlogSince: Instant?

    private static let bulkByteCount = 128 * 1024
    private static let windowMicroseconds = 1_000_000
    private static let backlogByteCount = 32 * 1024
    private static let backlogMicroseconds = 250_000

    /// Bytes have come from the application, or go to it.
    /// - Parameter backlog: what came from it and has not been sent.
    mutating func note(byteCount: Int, backlog: Int, now: Instant) {
        self.roll(to: now)
        self.current += byteCount
        self.note(backlog: backlog)
        if backlog >= Self.backlogByteCount, self.backlogSince == nil { self.backlogSince = now }
    }

    mutating func note(backlog: Int) { if backlog < Self.backlogByteCount { self.backlogSince = nil } }

    private mutating func roll(to now: Instant) {
        let elapsed = self.windowStart.map { now.microseconds(since: $0) } ?? .max
        guard elapsed >= Self.windowMicroseconds else { return }
        self.previous = elapsed < 2 * Self.windowMicroseconds ? self.current : 0
        self.current = 0
        self.windowStart =
            elapsed < 2 * Self.windowMicroseconds
            ? self.windowStart?.advanced(microseconds: Self.windowMicroseconds) : now
    }

    func isBulk(now: Instant) -> Bool {
        if let since = self.backlogSince, now.microseconds(since: since) >= Self.backlogMicroseconds { return true }
        var copy = self
        copy.roll(to: now)
        guard let start = copy.windowStart else { return false }
        // Of the window before, the part that is less than one window ago, as if it had moved evenly.
        let age = Double(now.microseconds(since: start)) / Double(Self.windowMicroseconds)
        return Double(copy.current) + Double(copy.previous) * max(0, 1 - age) > Double(Self.bulkByteCount)
    }
}
