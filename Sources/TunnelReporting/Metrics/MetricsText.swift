import TunnelRuntime

/// The text format of Prometheus, version 0.0.4.
package enum MetricsText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// All metrics of the table that have a value.
    package static func render(_ input: MetricsInput) -> String {
        MetricsTable.metrics.map { Self.render($0, input) }.joined()
    }

    static func render(_ metric: Metric, _ input: MetricsInput) -> String {
        let lines =
            switch metric.source {
            case .histogram(let read): Self.lines(metric.name, read(input))
            case .series, .samples:
                metric.samples(input).map { "\(Self.seriesName(metric.name, $0.labels)) \(Self.text($0.value))" }
            }
        guard !lines.isEmpty else { return "" }
        let head = [
            "# HELP \(metric.name) \(Self.escaped(metric.help, quotes: false))",
            "# TYPE \(metric.name) \(metric.kind.rawValue)",
        ]
        return (head + lines).map { $0 + "\n" }.joined()
    }

    /// The name with its labels: what tells a series from all others.
    package static func seriesName(_ name: String, _ labels: [MetricLabel]) -> String {
        guard !labels.isEmpty else { return name }
        let texts = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
        return "\(name){\(texts.joined(separator: ","))}"
    }

    /// Buckets count everything up to their bound.
    private static func lines(_ name: String, _ histogram: LagHistogram) -> [String] {
        var lines: [String] = []
        var sum: UInt64 = 0
        let bounds = LagHistogram.upperBoundsMicroseconds.map { Self.text(Double($0) / 1e6) } + ["+Inf"]
        for (bound, count) in zip(bounds, histogram.counts) {
            sum += count
            lines.append("\(name)_bucket{le=\"\(bound)\"} \(sum)")
        }
        lines.append("\(name)_sum \(Self.text(Double(histogram.totalMicroseconds) / 1e6))")
        return lines + ["\(name)_count \(sum)"]
    }

    /// Whole numbers without a fraction.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), value.magnitude < 0x1p53 { return String(Int64(value)) }
        return "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.append(character)
            }
        }
        return result
    }
}
