/// The segments that were sent again after a timeout and whose skips are counted anew, grouped by the time of that
/// transmission. Within a run the numbers ascend, so an ACK touches a prefix of every run that is not younger than
/// the transmission it echoes.
struct TimeoutRuns {
    private struct Run {
        var sendTime: UInt32
        var head: UInt32
        var tail: UInt32
        var count: Int
    }

    private var runs: [Run] = []
    /// Index of the oldest run that may have members.
    private var oldest = 0
    /// The id of `runs[0]`.
    private var baseID: UInt32 = 0

    var isEmpty: Bool { self.oldest == self.runs.count }

    /// Adds a segment that has just been sent.
    mutating func join(_ number: UInt32, in records: inout SequenceRing<SegmentRecord>) {
        let sendTime = records[number].sendTime
        if let last = self.runs.last, last.count > 0, last.sendTime == sendTime, last.tail.isBefore(number) {
            records[last.tail].nextInRun = number
            records[number].previousInRun = last.tail
            self.runs[self.runs.count - 1].tail = number
            self.runs[self.runs.count - 1].count += 1
        } else {
            self.runs.append(Run(sendTime: sendTime, head: number, tail: number, count: 1))
            records[number].previousInRun = number
        }
        records[number].nextInRun = number
        records[number].run = self.baseID &+ UInt32(self.runs.count - 1)
        records[number].counting = .afterTimeout
    }

    /// Removes a member.
    mutating func leave(_ number: UInt32, in records: inout SequenceRing<SegmentRecord>) {
        let index = Int(records[number].run &- self.baseID)
        let previous = records[number].previousInRun
        let next = records[number].nextInRun
        if previous == number { self.runs[index].head = next } else { records[previous].nextInRun = next }
        if next == number { self.runs[index].tail = previous } else { records[next].previousInRun = previous }
        if previous == number, next != number { records[next].previousInRun = next }
        if next == number, previous != number { records[previous].nextInRun = previous }
        self.runs[index].count -= 1
        records[number].counting = .off
        self.dropEmptyRuns()
    }

    /// Calls `body` for each member before `number` that was sent at `time` or earlier.
    func forEach(
        before number: UInt32, sentBy time: UInt32, in records: inout SequenceRing<SegmentRecord>,
        _ body: (UInt32, inout SequenceRing<SegmentRecord>) -> Void
    ) {
        for index in self.oldest..<self.runs.count {
            let run = self.runs[index]
            if time.isBefore(run.sendTime) { return }
            guard run.count > 0 else { continue }
            var member = run.head
            while member.isBefore(number) {
                body(member, &records)
                if member == run.tail { break }
                member = records[member].nextInRun
            }
        }
    }

    private mutating func dropEmptyRuns() {
        while self.oldest < self.runs.count, self.runs[self.oldest].count == 0 { self.oldest += 1 }
        guard self.oldest == self.runs.count || self.oldest > 64 && self.oldest * 2 > self.runs.count else { return }
        self.runs.removeFirst(self.oldest)
        self.baseID &+= UInt32(self.oldest)
        self.oldest = 0
    }
}
