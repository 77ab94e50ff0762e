import PacketPrimitives

/// The copies that are to be sent.
struct CopyQueue {
    private struct Entry {
        var number: UInt32
        /// When it was sent first.
        var sent: Instant
        var plan: CopyPlan
        var done = 0

        var deadline: Instant { self.sent.advanced(microseconds: CopyPlan.delays[self.done]) }
    }

    /// A copy whose time has come.
    struct Copy {
        var number: UInt32
        /// Only while there is plenty of budget.
        var isOptional: Bool
    }

    private var entries: [Entry] = []
    private var due: [Copy] = []

    private static let limit = 32

    /// When the next copy is due.
    var deadline: Instant? {
        var earliest: Instant?
        for entry in self.entries { earliest = Instant.earliest(earliest, entry.deadline) }
        return earliest
    }

    var hasDue: Bool { !self.due.isEmpty }

    mutating func schedule(_ number: UInt32, plan: CopyPlan, now: Instant) {
        guard plan.copyCount > 0, self.entries.count < Self.limit else { return }
        self.entries.append(Entry(number: number, sent: now, plan: plan))
    }

    /// Makes those due whose time has come.
    mutating func release(now: Instant) {
        guard !self.entries.isEmpty else { return }
        for index in self.entries.indices where self.entries[index].deadline <= now {
            let entry = self.entries[index]
            self.due.append(Copy(number: entry.number, isOptional: entry.done >= entry.plan.firmCopyCount))
            self.entries[index].done += 1
        }
        self.entries.removeAll { $0.done == $0.plan.copyCount }
    }

    mutating func nextDue() -> Copy? { self.due.isEmpty ? nil : self.due.removeFirst() }

    mutating func dropDue() { self.due.removeAll(keepingCapacity: true) }
}
