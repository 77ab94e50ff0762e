/// The figures of one run, or medians of several. What a pattern does not have is `nil`.
package struct LinkMeasures: Sendable, Equatable {
    /// Payload that the tunnels delivered, Mbit/s, and what the link could have carried.
    package var goodput: Double?
    package var limit: Double?
    /// IP bytes that the tunnels sent per byte of payload delivered.
    package var wire: Double?
    /// Percent of all transmissions of segments: those that were repetitions, and those that the receiver had already.
    package var retransmitted: Double?
    package var spurious: Double?
    /// Percent of the datagrams in the measured direction that a queue or policer dropped.
    package var dropped: Double?
    /// Waiting time at the bottleneck, milliseconds.
    package var queueMedian: Double?
    package var queue95: Double?
    /// From the first byte to the end of the first 200 ms with at least 85 % of the limit, seconds.
    package var settling: Double?
    /// From a step of the rate to the end of the first 200 ms with at least 85 % of the new limit and a queue of at most
    /// 20 ms or a quarter of the round trip, seconds; the slowest step of each kind.
    package var settlingDown: Double?
    package var settlingUp: Double?
    /// Round trips of messages, milliseconds.
    package var messageMedian: Double?
    package var message99: Double?
    /// IP bytes that a message costs in the measured direction; `nil` beside a transfer.
    package var messageBytes: Double?
    /// Jain's index over all flows, tunnels and others.
    package var fairness: Double?
    /// What the competing flows delivered together, Mbit/s.
    package var competitors: Double?
    /// The longest time without payload in any tunnel, milliseconds.
    package var stall: Double?

    package init() {}

    /// Goodput in percent of the limit.
    package var share: Double? {
        guard let goodput, let limit, limit > 0 else { return nil }
        return goodput / limit * 100
    }

    /// A figure with what reports call it.
    package typealias Figure = (key: String, path: any WritableKeyPath<LinkMeasures, Double?> & Sendable)

    /// Every stored figure.
    package static let figures: [Figure] = [
        ("goodput_megabits", \.goodput), ("limit_megabits", \.limit), ("wire", \.wire),
        ("retransmitted_percent", \.retransmitted), ("spurious_percent", \.spurious),
        ("dropped_percent", \.dropped),
        ("queue_p50_milliseconds", \.queueMedian), ("queue_p95_milliseconds", \.queue95),
        ("settling_seconds", \.settling), ("settling_down_seconds", \.settlingDown),
        ("settling_up_seconds", \.settlingUp), ("message_p50_milliseconds", \.messageMedian),
        ("message_p99_milliseconds", \.message99), ("message_bytes", \.messageBytes), ("fairness", \.fairness),
        ("competitors_megabits", \.competitors),
        ("stall_milliseconds", \.stall),
    ]

    /// Figure by figure the median of those runs that have it. A run without a settling time has not settled, so
    /// that half of the runs without one leave none.
    package static func median(of runs: [LinkMeasures]) -> LinkMeasures {
        var result = LinkMeasures()
        for figure in self.figures {
            let values = runs.map { $0[keyPath: figure.path] ?? .infinity }
            result[keyPath: figure.path] = Samples.median(values).flatMap { $0.isFinite ? $0 : nil }
        }
        return result
    }
}
