import Synchronization

/// How much all event loops of a host may hold together for their sessions (`--memlimit`), and how much of it they have
/// taken. Loops take and give back large pieces, so that they seldom meet here.
final class MemoryLimit: Sendable {
    private let limit: Atomic<Int>
    private let taken = Atomic(0)
    private let sessions = Atomic(0)
    private let loopCount: Int

    init(byteCount: Int, loopCount: Int) {
        self.limit = Atomic(max(1, byteCount))
        self.loopCount = max(1, loopCount)
    }

    /// The limit. It may change at any time.
    var byteCount: Int {
        get { self.limit.load(ordering: .relaxed) }
        set { self.limit.store(max(1, newValue), ordering: .relaxed) }
    }

    /// What loops have taken; what they hold is less.
    var takenByteCount: Int { self.taken.load(ordering: .relaxed) }

    /// How many sessions there are.
    var sessionCount: Int { self.sessions.load(ordering: .relaxed) }

    /// What a loop takes and gives back at a time: little enough that what it has taken and does not hold hardly counts.
    var pieceByteCount: Int { min(max(self.byteCount / (64 * self.loopCount), 4096), 4 << 20) }

    func take(_ byteCount: Int) { self.taken.add(byteCount, ordering: .relaxed) }

    func giveBack(_ byteCount: Int) { self.taken.subtract(byteCount, ordering: .relaxed) }

    func sessionBegan() { self.sessions.add(1, ordering: .relaxed) }

    func sessionEnded() { self.sessions.subtract(1, ordering: .relaxed) }
}
