/// Tells segments that come late because they had been lost from those that the network has only reordered.
///
/// A segment that is sent again carries the time of that (protocol 03 §1), which is later than that of the segments
/// with higher numbers that arrived meanwhile; one that was overtaken carries an earlier time, or the same.
struct ArrivalOrder {
    /// The segment with the highest number so far.
    private var newestNumber: UInt32
    private var newestTime: UInt32 = 0

    /// Nothing has arrived; the first segment will be `initialNumber`.
    init(initialNumber: UInt32) { self.newestNumber = initialNumber &- 1 }

    /// Takes note of a segment that had not been received before. True: an earlier copy of it was lost.
    @inline(__always)
    mutating func isLate(_ number: UInt32, time: UInt32) -> Bool {
        if number.isBefore(self.newestNumber) { return self.newestTime.isBefore(time) }
        self.newestNumber = number
        self.newestTime = time
        return false
    }
}
