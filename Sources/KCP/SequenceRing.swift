/// What a `SequenceRing` can hold.
protocol RingRecord: BitwiseCopyable {
    /// A record of nothing.
    init()
}

/// Records of consecutive sequence numbers, each at `number & mask`: finding one is an addition, and a ring that has
/// become too small is moved into a larger one without renumbering.
///
/// The memory is always initialised, so a number outside of the run in use yields a stale record, never foreign memory.
@safe
struct SequenceRing<Record: RingRecord>: ~Copyable {
    // No field is a `Record` itself: Swift 6.3 forgets the deinit of a struct with such a field in unoptimised builds.

    private var records: UnsafeMutablePointer<Record>
    private var mask: UInt32

    /// How many consecutive numbers fit. A power of two.
    var capacity: Int { Int(self.mask) + 1 }

    /// A ring of `capacity` (a power of two) blank records.
    init(capacity: Int) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "capacity is a power of two")
        unsafe self.records = .allocate(capacity: capacity)
        unsafe self.records.initialize(repeating: Record(), count: capacity)
        self.mask = UInt32(capacity - 1)
    }

    deinit { unsafe self.records.deallocate() }

    @inline(__always)
    subscript(number: UInt32) -> Record {
        @inline(__always)
        unsafeAddress { unsafe UnsafePointer(self.records + Int(number & self.mask)) }
        @inline(__always)
        unsafeMutableAddress { unsafe self.records + Int(number & self.mask) }
    }

    /// Makes room for `count` numbers from `first` on, of which the first `liveCount` hold records.
    @inline(__always)
    mutating func reserve(_ count: Int, from first: UInt32, liveCount: Int) {
        if count > self.capacity { self.resize(to: count, from: first, liveCount: liveCount) }
    }

    /// Moves the live records into a smaller ring if most of this one is not in use.
    mutating func shrink(from first: UInt32, liveCount: Int) {
        if self.capacity >= 4 * max(liveCount, 16) { self.resize(to: liveCount, from: first, liveCount: liveCount) }
    }

    /// Moves the live records into a ring for `count` numbers, which may be smaller.
    @inline(never)
    mutating func resize(to count: Int, from first: UInt32, liveCount: Int) {
        precondition(liveCount <= count && liveCount <= self.capacity, "records would be lost")
        var capacity = 16
        while capacity < count { capacity *= 2 }
        guard capacity != self.capacity else { return }
        let target = UnsafeMutablePointer<Record>.allocate(capacity: capacity)
        unsafe target.initialize(repeating: Record(), count: capacity)
        let targetMask = UInt32(capacity - 1)
        for offset in 0..<UInt32(liveCount) {
            let number = first &+ offset
            unsafe target[Int(number & targetMask)] = self.records[Int(number & self.mask)]
        }
        unsafe self.records.deallocate()
        unsafe self.records = target
        self.mask = targetMask
    }
}
