import BenchmarkSupport

/// One figure of a measurement. The raw value is its name in the JSON file, with its unit.
enum Metric: String, Sendable, CaseIterable {
    case megabitsPerSecond, processorSecondsPerGigabyte
    case requestsPerSecond, medianLatencyMilliseconds, latency99Milliseconds, processorMicrosecondsPerRequest
    case firstByteMilliseconds
    case peakResidentMebibytes
    case idleProcessorPercent
    case foreignLoad
}

typealias Sample = [Metric: Double]

/// The middle value; the mean of the two middle ones of an even number.
func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The value that the given share of the sorted values does not exceed.
func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
    values.isEmpty ? 0 : values[min(values.count - 1, Int(share * Double(values.count)))]
}
