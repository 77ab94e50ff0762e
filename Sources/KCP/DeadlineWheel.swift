/// The retransmission deadlines of the segments in flight, as a timing wheel: setting and clearing one, and finding the
/// earliest, do not depend on how many there are.
///
/// 512 buckets of 1 ms hold the current and the next block of 256 ms, 64 buckets of one block each what comes after,
/// and one list the rest. A bucket is a doubly linked list through the segment records; a record that is the first or
/// last of its list points to itself.
@safe
struct DeadlineWheel: ~Copyable {
    private static let fineCount = 512
    private static let blockCount = 64
    private static let overflow = fineCount + blockCount
    /// The bucket of a record that has no deadline.
    static let noBucket = UInt16.max

    /// The first number of each list; meaningless where `occupied` has no bit.
    private let heads: UnsafeMutablePointer<UInt32>
    /// One bit per bucket.
    private let occupied: UnsafeMutablePointer<UInt64>
    /// Milliseconds; every deadline before it has been collected.
    private var cursor: UInt64 = 0
    private(set) var count = 0

    init() {
        unsafe self.heads = .allocate(capacity: Self.overflow + 1)
        unsafe self.heads.initialize(repeating: 0, count: Self.overflow + 1)
        unsafe self.occupied = .allocate(capacity: Self.overflow / 64 + 1)
        unsafe self.occupied.initialize(repeating: 0, count: Self.overflow / 64 + 1)
    }

    deinit {
        unsafe self.heads.deallocate()
        unsafe self.occupied.deallocate()
    }

    // MARK: Deadlines

    /// Notes the record's `deadline`, on the wrapping millisecond clock. `now` is the same clock, not wrapped.
    @inline(__always)
    mutating func insert(_ number: UInt32, now: UInt64, in records: inout SequenceRing<SegmentRecord>) {
        if self.count == 0 { self.cursor = max(self.cursor, now) }
        let bucket = self.bucket(for: self.unwrapped(records[number].deadline))
        self.link(number, into: bucket, of: &records)
        self.count &+= 1
    }

    /// Clears the record's deadline, if it has one.
    @inline(__always)
    mutating func remove(_ number: UInt32, in records: inout SequenceRing<SegmentRecord>) {
        let bucket = records[number].bucket
        guard bucket != Self.noBucket else { return }
        let previous = records[number].previousInBucket
        let next = records[number].nextInBucket
        if previous != number {
            records[previous].nextInBucket = next == number ? previous : next
        } else if next != number {
            self.setHead(next, of: Int(bucket))
        } else {
            self.clear(Int(bucket))
        }
        if next != number { records[next].previousInBucket = previous == number ? next : previous }
        records[number].bucket = Self.noBucket
        self.count &-= 1
    }

    /// Clears all deadlines up to `now` and adds their numbers to `expired`, in no particular order.
    mutating func collect(
        through now: UInt64, into expired: inout [UInt32], records: inout SequenceRing<SegmentRecord>
    ) {
        while self.count > 0, self.cursor <= now {
            let lastOfBlock = self.cursor | 255
            self.collectFine(through: min(now, lastOfBlock), into: &expired, records: &records)
            if now <= lastOfBlock { break }
            self.cursor = lastOfBlock + 1
            self.spread(Self.fineCount + Int((self.cursor >> 8) + 1) & 63, records: &records)
            if (self.cursor >> 8) & 31 == 0 { self.spread(Self.overflow, records: &records) }
        }
        self.cursor = max(self.cursor, now)
    }

    /// The earliest deadline if it lies less than 256 ms ahead, else a time before it at which to ask again;
    /// milliseconds, not wrapped. `nil` if there is none.
    var earliest: UInt64? {
        guard self.count > 0 else { return nil }
        let position = Int(self.cursor & 511)
        if let bucket = self.firstOccupied(position..<512) ?? self.firstOccupied(0..<position) {
            return self.cursor + UInt64((bucket - position) & 511)
        }
        let block = self.cursor >> 8
        let blocks = unsafe self.occupied[Self.fineCount / 64]
        let shift = block & 63
        let rotated = shift == 0 ? blocks : blocks >> shift | blocks << (64 - shift)
        // The overflow list is sorted in again every 32 blocks, so it lies at least that far ahead.
        let bound = self.isOccupied(Self.overflow) ? 32 : 64
        return (block + UInt64(min(rotated.trailingZeroBitCount, bound))) << 8
    }

    // MARK: Buckets

    @inline(__always)
    private func unwrapped(_ deadline: UInt32) -> UInt64 {
        let ahead = deadline.distance(after: UInt32(truncatingIfNeeded: self.cursor))
        return self.cursor &+ UInt64(max(ahead, 0))
    }

    @inline(__always)
    private func bucket(for deadline: UInt64) -> Int {
        let blocksAhead = (deadline >> 8) &- (self.cursor >> 8)
        if blocksAhead < 2 { return Int(deadline & 511) }
        return blocksAhead < 64 ? Self.fineCount + Int((deadline >> 8) & 63) : Self.overflow
    }

    @inline(__always)
    private mutating func link(_ number: UInt32, into bucket: Int, of records: inout SequenceRing<SegmentRecord>) {
        let head = self.isOccupied(bucket) ? self.head(of: bucket) : number
        if head != number { records[head].previousInBucket = number }
        records[number].previousInBucket = number
        records[number].nextInBucket = head
        records[number].bucket = UInt16(truncatingIfNeeded: bucket)
        self.setHead(number, of: bucket)
    }

    private mutating func collectFine(
        through last: UInt64, into expired: inout [UInt32], records: inout SequenceRing<SegmentRecord>
    ) {
        let end = Int(last & 511) + 1
        while let bucket = self.firstOccupied(Int(self.cursor & 511)..<end) {
            self.empty(bucket, records: &records) { number, _, _ in expired.append(number) }
        }
    }

    /// Takes a bucket's records out and sorts them in again, now that they are nearer.
    private mutating func spread(_ bucket: Int, records: inout SequenceRing<SegmentRecord>) {
        guard self.isOccupied(bucket) else { return }
        self.empty(bucket, records: &records) { number, wheel, records in
            wheel.link(number, into: wheel.bucket(for: wheel.unwrapped(records[number].deadline)), of: &records)
            wheel.count &+= 1
        }
    }

    @inline(__always)
    private mutating func empty(
        _ bucket: Int, records: inout SequenceRing<SegmentRecord>,
        _ body: (UInt32, inout DeadlineWheel, inout SequenceRing<SegmentRecord>) -> Void
    ) {
        var number = self.head(of: bucket)
        self.clear(bucket)
        while true {
            let next = records[number].nextInBucket
            records[number].bucket = Self.noBucket
            self.count &-= 1
            body(number, &self, &records)
            if next == number { return }
            number = next
        }
    }

    private func firstOccupied(_ range: Range<Int>) -> Int? {
        var bucket = range.lowerBound
        while bucket < range.upperBound {
            let word = unsafe self.occupied[bucket >> 6] >> UInt64(bucket & 63)
            if word != 0 {
                let found = bucket + word.trailingZeroBitCount
                return found < range.upperBound ? found : nil
            }
            bucket = (bucket | 63) + 1
        }
        return nil
    }

    @inline(__always)
    private func isOccupied(_ bucket: Int) -> Bool {
        unsafe self.occupied[bucket >> 6] & (1 << UInt64(bucket & 63)) != 0
    }

    @inline(__always)
    private func head(of bucket: Int) -> UInt32 { unsafe self.heads[bucket] }

    @inline(__always)
    private func setHead(_ number: UInt32, of bucket: Int) {
        precondition(bucket <= Self.overflow, "no such bucket")
        unsafe self.heads[bucket] = number
        unsafe self.occupied[bucket >> 6] |= 1 << UInt64(bucket & 63)
    }

    @inline(__always)
    private func clear(_ bucket: Int) {
        precondition(bucket <= Self.overflow, "no such bucket")
        unsafe self.occupied[bucket >> 6] &= ~(1 << UInt64(bucket & 63))
    }
}
