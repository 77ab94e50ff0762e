/// What is taken from a number of samples.
package enum Samples {
    /// The smallest sample that at least `share` of all do not exceed; `nil` if there are none.
    package static func quantile<Value: Comparable>(_ share: Double, of samples: some Sequence<Value>) -> Value? {
        let sorted = samples.sorted()
        guard !sorted.isEmpty else { return nil }
        let rank = (share * Double(sorted.count)).rounded(.up)
        return sorted[min(max(Int(rank) - 1, 0), sorted.count - 1)]
    }

    /// The middle one, of an even number the mean of the two in the middle.
    package static func median(_ samples: [Double]) -> Double? {
        let sorted = samples.sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Jain's index of fairness: 1 if all are equal, 1/n if one has everything; `nil` without any.
    package static func fairness(_ shares: [Double]) -> Double? {
        let sum = shares.reduce(0, +)
        guard sum > 0 else { return nil }
        return sum * sum / (Double(shares.count) * shares.reduce(0) { $0 + $1 * $1 })
    }
}
