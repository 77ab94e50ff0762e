// Counting ACKs that pass over a segment ("fastack", protocol 03 §4 step 4).
//
// An ACK of `number` that echoes `time` counts for every counted segment before `number` that was sent at `time` or
// earlier. Segments sent once have send times that ascend with their numbers, so it touches a prefix of them, and
// their counts descend along the numbers: those that have reached the threshold are in front and need not be touched
// again. That makes it a few steps per segment instead of a walk over the window per ACK.
extension SendWindow {
    /// Counts one ACK. Returns whether any segment has now been skipped often enough for a flush. Segments that were
    /// acknowledged by number count too, as in the original, until `una` passes them.
    @inline(__always)
    mutating func countSkips(before number: UInt32, echoed time: UInt32) -> Bool {
        guard number != self.first, self.isInFlight(number) else { return false }
        return self.countSkipsInFlight(before: number, echoed: time)
    }

    private mutating func countSkipsInFlight(before number: UInt32, echoed time: UInt32) -> Bool {
        var isReached = self.isSaturated(before: number, echoed: time)
        let end = self.unsent.isBefore(number) ? self.unsent : number
        var candidate = self.countStart
        while candidate.isBefore(end) {
            let isFirst = self.records[candidate].counting == .firstTransmission
            if isFirst {
                if time.isBefore(self.records[candidate].sendTime) { break }
                if self.count(candidate) { isReached = true }
            }
            if candidate == self.countStart, !isFirst || self.records[candidate].skipCount >= self.skipThreshold {
                self.countStart &+= 1
            }
            candidate &+= 1
        }
        return self.countSkipsAfterTimeout(before: number, echoed: time) || isReached
    }

    /// Whether the ACK passes over a segment sent once that had reached the threshold before.
    private mutating func isSaturated(before number: UInt32, echoed time: UInt32) -> Bool {
        while self.saturatedStart != self.countStart {
            let record = self.records[self.saturatedStart]
            if record.counting == .firstTransmission {
                return self.saturatedStart.isBefore(number) && !time.isBefore(record.sendTime)
            }
            self.saturatedStart &+= 1
        }
        return false
    }

    /// Adds one skip; returns whether the threshold is reached.
    private mutating func count(_ number: UInt32) -> Bool {
        self.records[number].skipCount &+= 1
        if !self.records[number].isSkipped, !self.records[number].isAcknowledged {
            self.records[number].isSkipped = true
            self.skipped.append(number)
        }
        return self.records[number].skipCount >= self.skipThreshold
    }

    private mutating func countSkipsAfterTimeout(before number: UInt32, echoed time: UInt32) -> Bool {
        guard !self.runs.isEmpty else { return false }
        var isReached = false
        let threshold = self.skipThreshold
        // The list leaves `self` for the loop, which borrows the runs.
        var skipped: [UInt32] = []
        swap(&skipped, &self.skipped)
        self.runs.forEach(before: number, sentBy: time, in: &self.records) { member, records in
            records[member].skipCount = min(records[member].skipCount &+ 1, threshold)
            if records[member].skipCount == threshold { isReached = true }
            if !records[member].isSkipped {
                records[member].isSkipped = true
                skipped.append(member)
            }
        }
        swap(&skipped, &self.skipped)
        return isReached
    }
}
