import PacketPrimitives

/// The sending half: stream bytes that wait, and segments with a number that are not acknowledged.
///
/// The numbers in use are `first ..< next`. Those before `unsent` have been sent at least once; those before
/// `released` may be sent now. Acknowledged segments stay until `una` passes them, as in the original.
struct SendWindow: ~Copyable {
    /// All bytes not yet covered by `una`, in stream order. Those of numbered segments first, then the queue.
    var bytes = ByteRing()
    var records = SequenceRing<SegmentRecord>(capacity: 16)
    var wheel = DeadlineWheel()
    var runs = TimeoutRuns()
    /// The oldest number not covered by `una` (`snd_una`).
    private(set) var first: UInt32
    /// The number of the next fresh segment (`snd_nxt`).
    private(set) var next: UInt32
    /// The oldest number that was never sent.
    private(set) var unsent: UInt32
    /// Behind the newest number that a flush has released.
    private(set) var released: UInt32
    /// Where `presumedFirst` has got to; before `first` it says nothing.
    private var presumed: UInt32
    /// Where the queue without numbers begins.
    private var queueStart: UInt64 = 0
    let segmentByteCount: Int
    /// Transmissions of segments now acknowledged that have not arrived, as far as acknowledgements tell.
    private(set) var lostTransmissionCount: UInt64 = 0

    // Skips, see SendWindow+Skips.
    /// From how many skips on counting more makes no difference.
    private(set) var skipThreshold: UInt32
    /// No segment before this one that was sent once has fewer skips than the threshold.
    var countStart: UInt32
    /// No segment before this one that was sent once is counted.
    var saturatedStart: UInt32
    /// Segments with at least one skip that have not been sent again since.
    var skipped: [UInt32] = []

    // Retransmissions, see SendWindow+Retransmission.
    /// Segments that are to be sent again, in order; those before `nextDue` have been.
    var due: [UInt32] = []
    var nextDue = 0
    /// Scratch memory of `scheduleRetransmissions`.
    var expired: [UInt32] = []

    init(initialNumber: UInt32, segmentByteCount: Int, fastResend: Int) {
        self.first = initialNumber
        self.next = initialNumber
        self.unsent = initialNumber
        self.released = initialNumber
        self.presumed = initialNumber
        self.countStart = initialNumber
        self.saturatedStart = initialNumber
        self.segmentByteCount = segmentByteCount
        self.skipThreshold = UInt32(max(fastResend, 1))
    }

    /// Another number of skips counts from now on: all segments are looked at again.
    mutating func setFastResend(_ fastResend: Int) {
        let threshold = UInt32(max(fastResend, 1))
        guard threshold != self.skipThreshold else { return }
        self.skipThreshold = threshold
        self.countStart = self.first
        self.saturatedStart = self.first
    }

    var inFlightCount: Int { self.next.distance(after: self.first) }
    var queuedByteCount: Int { Int(self.bytes.end &- self.queueStart) }
    /// The queue in segments: all but the last are full, as a segment without a number is always filled up.
    var queuedSegmentCount: Int {
        (self.queuedByteCount + self.segmentByteCount - 1) / self.segmentByteCount
    }
    var hasUnsent: Bool { self.unsent != self.next }
    var hasReleased: Bool { self.unsent != self.released }
    var hasDue: Bool { self.nextDue < self.due.count }

    @inline(__always)
    func isInFlight(_ number: UInt32) -> Bool { number &- self.first < self.next &- self.first }

    /// Whether the segment is in flight and has not arrived.
    @inline(__always)
    func isOpen(_ number: UInt32) -> Bool { self.isInFlight(number) && !self.records[number].isAcknowledged }

    // MARK: Queue

    mutating func append(_ bytes: RawSpan) {
        self.bytes.append(bytes)
    }

    mutating func appendInPlace(limit: Int, _ body: (inout MutableRawSpan) -> Int) -> Int? {
        self.bytes.appendInPlace(limit: limit, body)
    }

    /// Gives numbers to queued segments until `window` are in flight; returns to how many.
    mutating func numberSegments(window: Int) -> Int {
        var count = 0
        while self.queuedByteCount > 0, self.inFlightCount < window {
            let byteCount = min(self.queuedByteCount, self.segmentByteCount)
            self.records.reserve(self.inFlightCount &+ 1, from: self.first, liveCount: self.inFlightCount)
            var record = SegmentRecord()
            record.position = self.queueStart
            record.byteCount = UInt16(truncatingIfNeeded: byteCount)
            self.records[self.next] = record
            self.queueStart &+= UInt64(byteCount)
            self.next &+= 1
            count &+= 1
        }
        return count
    }

    /// Numbers one queued segment that leaves at once.
    mutating func numberNextSegment() -> UInt32? {
        guard self.numberSegments(window: self.inFlightCount + 1) > 0 else { return nil }
        let number = self.next &- 1
        self.unsent = self.next
        self.released = self.next
        return number
    }

    /// Notes a transmission that a path controller directs, with its tag.
    @inline(__always)
    mutating func stampTransmission(_ number: UInt32, tag: UInt32) {
        self.records[number].transmissionCount &+= 1
        self.records[number].sendTime = tag
    }

    /// The oldest segment that has not arrived. `una` may stand before it, at what the peer has no room to take out.
    var oldestOpen: UInt32? {
        var number = self.first
        while number != self.next {
            if !self.records[number].isAcknowledged { return number }
            number &+= 1
        }
        return nil
    }

    /// The newest segment that has not arrived.
    var newestOpen: UInt32? {
        var number = self.next
        while number != self.first {
            number &-= 1
            if !self.records[number].isAcknowledged { return number }
        }
        return nil
    }

    /// Whether the segment has been sent again and is under way.
    func isSentAgain(_ number: UInt32) -> Bool {
        self.records[number].transmissionCount > 1 && !self.records[number].isScheduled
    }

    /// All before it has arrived, as far as acknowledgements tell, or will have when what is sent now does.
    var presumedFirst: UInt32 { self.presumed.isBefore(self.first) ? self.first : self.presumed }

    /// The first segment from `presumedFirst` on that has not arrived.
    var presumedOpen: UInt32? {
        mutating get {
            self.presumed = self.presumedFirst
            while self.presumed != self.next {
                if !self.records[self.presumed].isAcknowledged { return self.presumed }
                self.presumed &+= 1
            }
            return nil
        }
    }

    /// The segment that `presumedOpen` gave will have arrived.
    mutating func passPresumed() { self.presumed &+= 1 }

    /// The segment has not arrived.
    mutating func withdrawPresumption(of number: UInt32) {
        if number.isBefore(self.presumed) { self.presumed = number }
    }

    /// Lets every numbered segment leave.
    mutating func release() { self.released = self.next }

    // MARK: Acknowledgements

    /// Everything before `expected` has arrived; returns whether that is news.
    @inline(__always)
    mutating func acknowledge(before expected: UInt32) -> Bool {
        let count = min(expected.distance(after: self.first), self.inFlightCount)
        guard count > 0 else { return false }
        for offset in 0..<UInt32(count) {
            let number = self.first &+ offset
            self.wheel.remove(number, in: &self.records)
            if self.records[number].counting == .afterTimeout { self.runs.leave(number, in: &self.records) }
            if self.records[number].transmissionCount > 1, !self.records[number].isAcknowledged {
                self.countLost(number, arrivals: 1)
            }
        }
        self.first = self.first &+ UInt32(count)
        if self.unsent.isBefore(self.first) { self.unsent = self.first }
        if self.released.isBefore(self.first) { self.released = self.first }
        if self.countStart.isBefore(self.first) { self.countStart = self.first }
        if self.saturatedStart.isBefore(self.first) { self.saturatedStart = self.first }
        self.releaseBytes()
        return true
    }

    /// Whether the segment is in flight and was sent more than once.
    @inline(__always)
    func isRepeated(_ number: UInt32) -> Bool {
        self.isInFlight(number) && self.records[number].transmissionCount > 1
    }

    /// The segment `number` has arrived, the copy of it that was sent at `time`.
    @inline(__always)
    mutating func acknowledge(_ number: UInt32, echoed time: UInt32) {
        guard self.isInFlight(number), !self.records[number].isAcknowledged else { return }
        self.records[number].isAcknowledged = true
        // An older copy than the last: the last one was sent without need, and is on its way or has arrived too.
        self.countLost(number, arrivals: time == self.records[number].sendTime ? 1 : 2)
        self.wheel.remove(number, in: &self.records)
        if self.records[number].counting == .afterTimeout { self.runs.leave(number, in: &self.records) }
    }

    /// Of the segment's transmissions all but `arrivals` were in vain.
    private mutating func countLost(_ number: UInt32, arrivals: UInt32) {
        let transmissionCount = self.records[number].transmissionCount
        if transmissionCount > arrivals { self.lostTransmissionCount &+= UInt64(transmissionCount &- arrivals) }
    }

    private mutating func releaseBytes() {
        if self.first != self.next {
            self.bytes.release(to: self.records[self.first].position)
        } else if self.queuedByteCount > 0 {
            self.bytes.release(to: self.queueStart)
        } else {
            self.bytes.release(to: self.bytes.end)
            self.queueStart = self.bytes.start
        }
    }

    // MARK: Sending

    /// The next segment that was never sent and may be; skips those that the peer has acknowledged all the same.
    @inline(__always)
    mutating func nextReleased() -> UInt32? {
        while self.hasReleased {
            if !self.records[self.unsent].isAcknowledged { return self.unsent }
            self.unsent &+= 1
        }
        return nil
    }

    /// Notes that `number`, which `nextReleased` gave, leaves now.
    @inline(__always)
    mutating func markFirstTransmission(_ number: UInt32, timeout: UInt32, now: UInt64) {
        self.unsent &+= 1
        self.records[number].timeout = timeout
        self.records[number].counting = .firstTransmission
        self.stamp(number, now: now)
    }

    @inline(__always)
    mutating func stamp(_ number: UInt32, now: UInt64) {
        let time = UInt32(truncatingIfNeeded: now)
        self.records[number].transmissionCount &+= 1
        self.records[number].sendTime = time
        self.records[number].deadline = time &+ self.records[number].timeout
        self.wheel.insert(number, now: now, in: &self.records)
    }

    /// Bytes of memory held, roughly.
    var memoryByteCount: Int { self.bytes.capacity + self.records.capacity * MemoryLayout<SegmentRecord>.stride }

    /// Bytes of memory that `trim` could give back, roughly.
    var spareByteCount: Int { self.bytes.byteCount == 0 ? self.memoryByteCount : 0 }

    /// Gives back most of the memory that is not in use.
    mutating func shrink() {
        self.bytes.shrink()
        self.records.shrink(from: self.first, liveCount: self.inFlightCount)
    }

    /// Gives memory back that an idle conversation does not need.
    mutating func trim() {
        guard self.first == self.next, self.bytes.byteCount == 0 else { return }
        self.bytes.trim()
        self.records.resize(to: 0, from: self.first, liveCount: 0)
        self.skipped = []
        self.due = []
        self.nextDue = 0
        self.expired = []
    }
}
