/// A rate that holds from a point in time on.
package struct RateStep: Equatable, Sendable {
    /// On the clock of the link's calls.
    package var fromMicroseconds: UInt64
    package var bitsPerSecond: Int

    package init(fromMicroseconds: UInt64, bitsPerSecond: Int) {
        self.fromMicroseconds = fromMicroseconds
        self.bitsPerSecond = bitsPerSecond
    }
}

// A rate with its steps: known in advance, so that the time at which a datagram will have left can be computed when it
// comes, and what waits during a step leaves at the new rate. Times are nanoseconds.
extension LinkConditions.Rate {
    /// When `byteCount` bytes have left that begin to leave at `start`.
    func departure(ofByteCount byteCount: Int, from start: UInt64) -> UInt64 {
        guard !self.steps.isEmpty else { return start + self.nanoseconds(forByteCount: byteCount) }
        var left = Double(byteCount) * 8e9
        var time = start
        while true {
            let period = self.period(at: time)
            let duration = left / Double(period.bitsPerSecond)
            guard period.end != .max, duration > Double(period.end - time) else { return time + UInt64(duration) }
            left -= Double(period.end - time) * Double(period.bitsPerSecond)
            time = period.end
        }
    }

    /// How many bytes leave between two times.
    func byteCount(from start: UInt64, until end: UInt64) -> Double {
        var bits = 0.0
        var time = start
        while time < end {
            let period = self.period(at: time)
            let until = min(period.end, end)
            bits += Double(until - time) * Double(period.bitsPerSecond)
            time = until
        }
        return bits / 8e9
    }

    /// The rate that holds at `time`, and until when.
    private func period(at time: UInt64) -> (bitsPerSecond: Int, end: UInt64) {
        var bitsPerSecond = self.bitsPerSecond
        for step in self.steps {
            let begin = step.fromMicroseconds * 1000
            guard begin <= time else { return (bitsPerSecond, begin) }
            bitsPerSecond = step.bitsPerSecond
        }
        return (bitsPerSecond, .max)
    }
}
