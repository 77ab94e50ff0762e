/// Every metric that there is. To add one, add a row to a section: the metrics text, `status.json` and
/// `docs/metrics.md` follow from it.
package enum MetricsTable {
    /// Metrics that belong together.
    package struct Section: Sendable {
        package var title: String
        package var metrics: [Metric]
    }

    package static let sections = [
        Section(title: "Program", metrics: Self.program),
        Section(title: "Traffic", metrics: Self.traffic),
        Section(title: "Delivery", metrics: Self.delivery),
        Section(title: "Forward error correction", metrics: Self.errorCorrection),
        Section(title: "Sessions and streams", metrics: Self.sessions),
        Section(title: "Queues", metrics: Self.queues),
        Section(title: "Drops and errors", metrics: Self.drops),
        Section(title: "Protection", metrics: Self.shedding),
        Section(title: "Memory and event loops", metrics: Self.resources),
    ]

    package static let metrics = Self.sections.flatMap(\.metrics)
}
