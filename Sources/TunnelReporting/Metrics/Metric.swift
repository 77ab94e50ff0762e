package import TunnelRuntime

/// One metric: what it is called, what it means, and where its values come from.
///
/// The metrics text, `status.json` and the reference page are all made from these; `MetricsTable` lists them.
package struct Metric: Sendable {
    package enum Kind: String, Sendable { case counter, gauge, histogram }

    /// One time series of a metric whose label values are known beforehand.
    package struct Series: Sendable {
        /// The value of the metric's label; `nil` if the metric has none.
        package var labelValue: String?
        /// The counter of the original with the same meaning (protocol 06 §8).
        package var original: String?
        /// `nil` if there is nothing to say at the moment.
        package var read: @Sendable (MetricsInput) -> Double?
    }

    /// Where the samples come from.
    package enum Source: Sendable {
        case series([Series])
        /// Label values show up as things happen.
        case samples(@Sendable (MetricsInput) -> [MetricSample])
        case histogram(@Sendable (MetricsInput) -> LagHistogram)
    }

    package var name: String
    package var kind: Kind
    /// What it counts, in a sentence.
    package var help: String
    package var labelNames: [String]
    package var source: Source

    /// What the input says, series by series; a histogram has its samples in `MetricsText` only.
    package func samples(_ input: MetricsInput) -> [MetricSample] {
        switch self.source {
        case .series(let series):
            series.compactMap { one in
                one.read(input).map { MetricSample(labels: self.labels(one.labelValue), value: $0) }
            }
        case .samples(let read): read(input)
        case .histogram: []
        }
    }

    private func labels(_ value: String?) -> [MetricLabel] {
        guard let value, let name = self.labelNames.first else { return [] }
        return [MetricLabel(name: name, value: value)]
    }
}

/// A label with its value.
package struct MetricLabel: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// The value of one series.
package struct MetricSample: Hashable, Sendable {
    package var labels: [MetricLabel]
    package var value: Double

    package init(labels: [MetricLabel] = [], value: Double) {
        self.labels = labels
        self.value = value
    }
}

// How the table is written.
extension Metric {
    /// Something that only grows.
    static func counter(
        _ name: String, _ help: String, original: String? = nil, _ read: @escaping @Sendable (MetricsInput) -> UInt64
    ) -> Metric {
        Metric(name, .counter, help, [Series(original: original) { Double(read($0)) }])
    }

    /// Something that only grows, in several series that one label tells apart.
    static func counters(_ name: String, _ help: String, by label: String, _ series: [Series]) -> Metric {
        Metric(name, .counter, help, by: label, series)
    }

    /// A value of the moment, if there is one.
    static func gauge(
        _ name: String, _ help: String, original: String? = nil, _ read: @escaping @Sendable (MetricsInput) -> Double?
    ) -> Metric {
        Metric(name, .gauge, help, [Series(original: original, read: read)])
    }

    /// Values of the moment that one label tells apart.
    static func gauges(_ name: String, _ help: String, by label: String, _ series: [Series]) -> Metric {
        Metric(name, .gauge, help, by: label, series)
    }

    /// Something that only grows, in series that show up as things happen.
    static func counters(
        _ name: String, _ help: String, by label: String,
        _ read: @escaping @Sendable (MetricsInput) -> [(labelValue: String, count: UInt64)]
    ) -> Metric {
        Metric(
            name: name, kind: .counter, help: help, labelNames: [label],
            source: .samples { input in
                read(input).map { value, count in
                    MetricSample(labels: [MetricLabel(name: label, value: value)], value: Double(count))
                }
            })
    }

    private init(_ name: String, _ kind: Kind, _ help: String, by label: String? = nil, _ series: [Series]) {
        self.init(
            name: name, kind: kind, help: help, labelNames: label.map { [$0] } ?? [], source: .series(series))
    }
}

extension Metric.Series {
    /// A counter's series.
    static func count(
        _ labelValue: String, original: String? = nil, _ read: @escaping @Sendable (MetricsInput) -> UInt64
    ) -> Metric.Series {
        Metric.Series(labelValue: labelValue, original: original) { Double(read($0)) }
    }

    /// A gauge's series.
    static func value(
        _ labelValue: String, original: String? = nil, _ read: @escaping @Sendable (MetricsInput) -> Double?
    ) -> Metric.Series {
        Metric.Series(labelValue: labelValue, original: original, read: read)
    }
}
