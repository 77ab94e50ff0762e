/// The segments received and not yet acknowledged, in order of arrival.
struct AcknowledgementList: ~Copyable {
    struct Entry: RingRecord {
        var number: UInt32 = 0
        var time: UInt32 = 0
    }

    private var entries = SequenceRing<Entry>(capacity: 16)
    private var first: UInt32 = 0
    private(set) var count = 0
    /// How many of the oldest entries a flush has released for sending.
    private(set) var dueCount = 0
    /// How many entries it holds; more can only come up while nothing can be sent. It may grow.
    var limit: Int

    init(limit: Int) { self.limit = limit }

    /// Adds one. When full the oldest is forgotten: its segment will come again.
    @inline(__always)
    mutating func append(_ number: UInt32, time: UInt32) {
        if self.count == self.limit { _ = self.removeFirst() }
        self.entries.reserve(self.count &+ 1, from: self.first, liveCount: self.count)
        self.entries[self.first &+ UInt32(self.count)] = Entry(number: number, time: time)
        self.count &+= 1
    }

    /// Everything collected so far may be sent.
    mutating func release() { self.dueCount = self.count }

    /// The next entry that has to be written: of those released, the ones out of order and the last (protocol 03 §3,
    /// step 1); all others are covered by the `una` field. It stays in the list.
    @inline(__always)
    mutating func nextDue(expected: UInt32) -> Entry? {
        while self.dueCount > 0 {
            let entry = self.entries[self.first]
            if self.dueCount == 1 || !entry.number.isBefore(expected) { return entry }
            _ = self.removeFirst()
        }
        return nil
    }

    @inline(__always)
    mutating func removeFirst() -> Entry {
        let entry = self.entries[self.first]
        self.first &+= 1
        self.count &-= 1
        self.dueCount = max(self.dueCount &- 1, 0)
        return entry
    }

    /// Gives unused memory back.
    mutating func trim() { self.entries.resize(to: self.count, from: self.first, liveCount: self.count) }
}
