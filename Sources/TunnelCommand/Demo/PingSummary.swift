/// Round trips of many small messages, in figures.
struct PingSummary: Hashable, Sendable {
    var count: Int
    /// Half of the messages came back within this time, milliseconds.
    var medianMilliseconds: Double
    /// 99 of 100 did.
    var percentile99Milliseconds: Double

    /// `nil` if there are no round trips.
    init?(microseconds: some Collection<Int>) {
        guard !microseconds.isEmpty else { return nil }
        let sorted = microseconds.sorted()
        self.count = sorted.count
        self.medianMilliseconds = Double(Self.percentile(50, of: sorted)) / 1000
        self.percentile99Milliseconds = Double(Self.percentile(99, of: sorted)) / 1000
    }

    /// The smallest value that at least `percent` of 100 values do not exceed (nearest rank).
    static func percentile(_ percent: Int, of sorted: [Int]) -> Int {
        sorted[max(0, (percent * sorted.count + 99) / 100 - 1)]
    }
}
