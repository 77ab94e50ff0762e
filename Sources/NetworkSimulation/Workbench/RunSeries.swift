/// How a run went, a value every 50 ms.
package struct RunSeries: Sendable {
    /// The ends of the buckets, seconds since the start of the run.
    package let seconds: [Double]
    /// Payload delivered, Mbit/s: tunnels, then competing flows.
    package let rates: [[Double]]
    /// The senders' smoothed round-trip times, milliseconds, in the same order.
    package let roundTrips: [[Double]]
    /// Whose these are.
    package let names: [String]
    /// The longest waiting time at the bottleneck, milliseconds.
    package let queue: [Double]
    /// Datagrams lost on the way, and those dropped by queue or policer.
    package let strayLosses: [Double]
    package let drops: [Double]
    /// What the link can carry, payload, Mbit/s.
    package let limit: [Double]

    init(_ record: RunRecord) {
        let snapshots = record.recorder.snapshots
        let buckets = snapshots.indices
        let meters = record.meters.tunnels + record.meters.flows
        self.seconds = buckets.map { Double($0 + 1) * RunRecord.bucketSeconds }
        self.rates = meters.map { meter in buckets.map { record.rate([meter], $0..<$0 + 1) / 1e6 } }
        self.roundTrips = meters.indices.map { index in snapshots.map { $0.roundTrips[index] } }
        self.names = Self.names(record.outline)
        self.queue = buckets.map { Double(record.queue($0..<$0 + 1).max() ?? 0) }
        let differences = buckets.map { record.counters(before: $0 + 1) - record.counters(before: $0) }
        self.strayLosses = differences.map { Double($0.strayLossCount) }
        self.drops = differences.map { Double($0.dropCount) }
        self.limit = buckets.map { record.limit($0..<$0 + 1) / 1e6 }
    }

    private static func names(_ outline: RunOutline) -> [String] {
        let tunnels = outline.pattern.tunnels.indices.map {
            outline.pattern.tunnels.count == 1 ? outline.variantName : "\(outline.variantName) \($0 + 1)"
        }
        return tunnels + outline.pattern.competitors.map(\.kind.rawValue)
    }
}
