/// How many segments a flush has decided to send again, by reason.
struct RetransmissionCounts {
    var fast = 0
    var early = 0
    var timeouts = 0
}

// Which segments are sent again (protocol 03 §3 step 5, rules b to d). This is the only place that decides it:
// writing the packets takes numbers from `due`, whoever put them there.
extension SendWindow {
    /// What the rules need to know besides the segments.
    struct RetransmissionRules {
        /// After how many skips a segment is sent again; 0 for never.
        var fastResend: UInt32
        /// Fresh segments of this flush: with none, one skip is enough.
        var freshCount: Int
        /// The present retransmission timeout, milliseconds.
        var timeout: UInt32
        /// How much a timeout lengthens the segment's own.
        var backoff: UInt32
    }

    /// A timeout is never longer than this, milliseconds (the clock compares up to 2³¹).
    private static let longestTimeout: UInt32 = 1 << 30

    mutating func scheduleRetransmissions(_ rules: RetransmissionRules, now: UInt64) -> RetransmissionCounts {
        var counts = RetransmissionCounts()
        let alreadyDue = self.due.count
        self.expired.removeAll(keepingCapacity: true)
        self.wheel.collect(through: now, into: &self.expired, records: &self.records)
        // Without fast resend skips only matter when there is nothing new; until then the list is left as it is,
        // unless most of it must have become stale.
        let isListLeft = rules.fastResend == 0 && rules.freshCount > 0 && self.skipped.count <= 2 * self.inFlightCount
        if !isListLeft { self.scheduleSkipped(rules, &counts) }
        for number in self.expired where !self.records[number].isScheduled {
            let timeout = self.records[number].timeout &+ rules.backoff
            self.schedule(number, timeout: min(timeout, Self.longestTimeout))
            self.records[number].skipCount = 0
            if !isListLeft { self.records[number].isSkipped = false }
            counts.timeouts += 1
        }
        if self.due.count > alreadyDue { self.sortDue() }
        return counts
    }

    private mutating func scheduleSkipped(_ rules: RetransmissionRules, _ counts: inout RetransmissionCounts) {
        var kept = 0
        for index in self.skipped.indices {
            let number = self.skipped[index]
            guard self.isInFlight(number), self.records[number].isSkipped else { continue }
            let record = self.records[number]
            let isFast = rules.fastResend > 0 && record.skipCount >= rules.fastResend
            if record.isAcknowledged || record.isScheduled || record.skipCount == 0 {
                self.records[number].isSkipped = false
            } else if isFast || rules.freshCount == 0 {
                self.schedule(number, timeout: rules.timeout)
                self.records[number].isSkipped = false
                self.records[number].skipCount = .max
                if isFast { counts.fast += 1 } else { counts.early += 1 }
            } else if record.bucket == DeadlineWheel.noBucket {
                self.records[number].isSkipped = false
            } else {
                self.skipped[kept] = number
                kept += 1
            }
        }
        self.skipped.removeLast(self.skipped.count - kept)
    }

    private mutating func schedule(_ number: UInt32, timeout: UInt32) {
        self.wheel.remove(number, in: &self.records)
        if self.records[number].counting == .afterTimeout { self.runs.leave(number, in: &self.records) }
        self.records[number].counting = .off
        self.records[number].timeout = timeout
        self.records[number].isScheduled = true
        self.due.append(number)
    }

    mutating func sortDue() {
        let first = self.first
        self.due.removeFirst(self.nextDue)
        self.nextDue = 0
        self.due.sort { $0.distance(after: first) < $1.distance(after: first) }
    }

    /// The next segment to be sent again; passes over those that were acknowledged in the meantime.
    @inline(__always)
    mutating func nextRetransmission() -> UInt32? {
        while self.nextDue < self.due.count {
            let number = self.due[self.nextDue]
            if self.isInFlight(number), self.records[number].isScheduled, !self.records[number].isAcknowledged {
                return number
            }
            self.nextDue += 1
        }
        if self.nextDue > 0 {
            self.due.removeAll(keepingCapacity: true)
            self.nextDue = 0
        }
        return nil
    }

    /// Puts a segment that a path controller takes for lost on the list; `false` if it is there or has arrived.
    mutating func scheduleLost(_ number: UInt32) -> Bool {
        guard !self.records[number].isAcknowledged, !self.records[number].isScheduled else { return false }
        self.records[number].isScheduled = true
        self.due.append(number)
        self.withdrawPresumption(of: number)
        return true
    }

    /// Takes `number`, which `nextRetransmission` gave, off the list.
    @inline(__always)
    mutating func takeRetransmission(_ number: UInt32) {
        self.nextDue += 1
        self.records[number].isScheduled = false
    }

    /// Notes that `number`, which `nextRetransmission` gave, leaves now.
    mutating func markRetransmission(_ number: UInt32, now: UInt64) {
        self.takeRetransmission(number)
        self.stamp(number, now: now)
        if self.records[number].skipCount != .max { self.runs.join(number, in: &self.records) }
    }
}
