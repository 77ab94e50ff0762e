/// Copies of what has been sent again, for the case that it gets lost again: the peer's window would stand still, and what was
/// sent beyond it on the presumption that it had arrived would have to be sent again too.
struct RepairQueue {
    private struct Entry {
        var number: UInt32
        /// How many copies are still to be sent.
        var copyCount: Int
    }

    private var entries: [Entry] = []
    private var head = 0
    /// Mostly there are none.
    private(set) var isEmpty = true

    private static let mostCopies = 2
    /// How many segments of a full window may be lost in spite of all copies; each costs up to a round trip of the path's
    /// capacity.
    private static let toleratedLosses = 0.02

    /// How many copies it takes.
    /// - Parameters:
    ///   - loss: the share that gets lost.
    ///   - window: the peer's, segments.
    ///   - isUntold: the segment may as well have arrived.
    static func copyCount(loss: Double, window: Int, isUntold: Bool) -> Int {
        // Lost at first, which of an untold one is not known, and again.
        var remaining = Double(window) * loss * loss * (isUntold ? loss : 1)
        var count = 0
        repeat {
            remaining *= loss
            count += 1
        } while remaining > Self.toleratedLosses && count < Self.mostCopies
        return count
    }

    mutating func append(_ number: UInt32, copyCount: Int) {
        self.entries.append(Entry(number: number, copyCount: copyCount))
        self.isEmpty = false
    }

    /// The segment whose turn it is, of those of which `isOpen` is true.
    func next(where isOpen: (UInt32) -> Bool) -> UInt32? {
        for entry in self.entries[self.head...] where isOpen(entry.number) { return entry.number }
        return nil
    }

    /// Forgets those of which `isOpen` is not true any more.
    mutating func forgetClosed(_ isOpen: (UInt32) -> Bool) {
        self.entries.removeFirst(self.head)
        self.head = 0
        self.entries.removeAll { !isOpen($0.number) }
        self.isEmpty = self.entries.isEmpty
    }

    /// A copy of `number`, which `next` gave, leaves. Its other copies wait until all others have had theirs, or they would
    /// share its fate.
    mutating func take(_ number: UInt32) {
        while self.head < self.entries.count {
            let entry = self.entries[self.head]
            self.head += 1
            guard entry.number == number else { continue }
            if entry.copyCount > 1 { self.append(number, copyCount: entry.copyCount - 1) }
            break
        }
        self.isEmpty = self.head == self.entries.count
        guard self.isEmpty || 2 * self.head > 64 + self.entries.count else { return }
        self.entries.removeFirst(self.head)
        self.head = 0
    }
}
