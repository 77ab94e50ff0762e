/// Finds out how many data and parity packets the other side puts into a group, from the packets' kinds and
/// numbers alone (protocol 02 §5, "auto-tune").
///
/// A run of one kind with consecutive numbers and the other kind directly before and behind it is exactly as long as
/// the count that is looked for. Any such run among the newest samples will do, so a lost packet elsewhere does
/// not hold the search up; of several the newest counts, as the other side may have changed its numbers.
struct ShardRatioDetector {
    /// How many of the newest packets are remembered: a little more than the largest group.
    private static let capacity = 258

    private struct Sample {
        var sequenceNumber: UInt32
        var isData: Bool
    }

    private var samples: [Sample] = []
    /// The oldest sample, which the next one replaces, once there are `capacity` of them.
    private var oldest = 0
    private var latest: UInt32 = 0
    /// How many of the samples are parity packets.
    private var parityCount = 0

    /// Remembers a packet.
    mutating func record(_ header: ShardHeader) {
        let sample = Sample(sequenceNumber: header.sequenceNumber, isData: header.kind == .data)
        self.latest = header.sequenceNumber
        if !sample.isData { self.parityCount += 1 }
        if self.samples.count < Self.capacity {
            self.samples.append(sample)
        } else {
            if !self.samples[self.oldest].isData { self.parityCount -= 1 }
            self.samples[self.oldest] = sample
            self.oldest = (self.oldest + 1) % Self.capacity
        }
    }

    /// The counts, if the samples show a whole run of each kind and both fit together in the numbering.
    ///
    /// Takes as long as a hundred packets do otherwise, so nothing is looked for where there is nothing: another side of
    /// ours may send no parity for hours.
    func detect() -> (dataShards: Int, parityShards: Int)? {
        guard self.parityCount > 0 else { return nil }
        let runs = self.completeRuns()
        guard let data = runs.last(where: { $0.isData }), let parity = runs.last(where: { !$0.isData }) else {
            return nil
        }
        guard data.count + parity.count <= 256 else { return nil }
        let groupSize = UInt32(data.count + parity.count)
        guard data.start % groupSize == 0, parity.start % groupSize == UInt32(data.count) else { return nil }
        return (data.count, parity.count)
    }

    private struct Run {
        var start: UInt32
        var count: Int
        var isData: Bool
    }

    /// All runs with the other kind directly at both ends, oldest first.
    private func completeRuns() -> [Run] {
        var complete: [Run] = []
        var run: Run?
        var previous: Sample?
        for sample in self.sortedSamples() where sample.sequenceNumber != previous?.sequenceNumber {
            let isNext = previous.map { $0.sequenceNumber &+ 1 == sample.sequenceNumber } ?? false
            if let previous, isNext, previous.isData == sample.isData {
                run?.count += 1
            } else {
                if isNext, let run { complete.append(run) }
                run = isNext ? Run(start: sample.sequenceNumber, count: 1, isData: sample.isData) : nil
            }
            previous = sample
        }
        return complete
    }

    /// By the signed distance from the latest number, which is an order for any samples.
    private func sortedSamples() -> [Sample] {
        self.samples.sorted { left, right in
            Int32(bitPattern: left.sequenceNumber &- self.latest)
                < Int32(bitPattern: right.sequenceNumber &- self.latest)
        }
    }
}
