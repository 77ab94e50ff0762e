import PacketPrimitives

/// Keeps the log from saying the same thing again and again: what it is about is said at once, and while it goes on once
/// a minute, with how often. Bounded, whoever causes it.
struct NoticeTable {
    private struct Entry {
        var subject: String
        var said: Instant
        var unsaidCount = 0
    }

    static let intervalMilliseconds = 60_000
    static let capacity = 64

    private var entries: [Entry] = []

    /// It has happened again. How often it was not said since the last time, if it is to be said now; `nil` if not.
    mutating func note(_ subject: String, now: Instant) -> Int? {
        guard let index = self.entries.firstIndex(where: { $0.subject == subject }) else {
            self.makeRoom()
            self.entries.append(Entry(subject: subject, said: now))
            return 0
        }
        guard now.milliseconds(since: self.entries[index].said) >= Self.intervalMilliseconds else {
            self.entries[index].unsaidCount += 1
            return nil
        }
        defer { self.entries[index] = Entry(subject: subject, said: now) }
        return self.entries[index].unsaidCount
    }

    private mutating func makeRoom() {
        guard self.entries.count == Self.capacity else { return }
        let oldest = self.entries.indices.min { self.entries[$0].said < self.entries[$1].said }
        if let oldest { self.entries.remove(at: oldest) }
    }
}
