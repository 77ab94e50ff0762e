package import NetworkSimulation

/// The runs of one link, variant and pattern that differ in nothing but the seed.
package struct RunGroup: Sendable {
    package let link: String
    package let variant: String
    package let pattern: String
    package let runs: [RunResult]
    /// The medians of all runs.
    package let measures: LinkMeasures

    /// At least one run.
    package init(_ runs: [RunResult]) {
        let outline = runs[0].outline
        self.link = outline.scenario.name
        // Without a tunnel there is no variant.
        self.variant = outline.pattern.tunnels.isEmpty ? MarkdownTable.nothing : outline.variantName
        self.pattern = outline.pattern.name
        self.runs = runs
        self.measures = LinkMeasures.median(of: runs.map(\.measures))
    }
}

/// The table of results.
package enum LinkTable {
    private struct Column: Sendable {
        var title: String
        var value: any KeyPath<LinkMeasures, Double?> & Sendable
        var decimals: Int?
    }

    private static let columns = [
        Column(title: "Mbit/s", value: \.goodput), Column(title: "% of limit", value: \.share, decimals: 0),
        Column(title: "wire", value: \.wire, decimals: 2),
        Column(title: "resent %", value: \.retransmitted, decimals: 1),
        Column(title: "spurious %", value: \.spurious, decimals: 1),
        Column(title: "dropped %", value: \.dropped, decimals: 1),
        Column(title: "queue p50 ms", value: \.queueMedian, decimals: 0),
        Column(title: "p95", value: \.queue95, decimals: 0), Column(title: "settled s", value: \.settling, decimals: 2),
        Column(title: "step down s", value: \.settlingDown, decimals: 2),
        Column(title: "step up s", value: \.settlingUp, decimals: 2),
        Column(title: "stall ms", value: \.stall, decimals: 0),
        Column(title: "message p50 ms", value: \.messageMedian, decimals: 0),
        Column(title: "p99", value: \.message99, decimals: 0),
        Column(title: "bytes/message", value: \.messageBytes, decimals: 0),
        Column(title: "competitor Mbit/s", value: \.competitors), Column(title: "Jain", value: \.fairness, decimals: 2),
    ]

    /// A row for each group, without columns that none of them has.
    package static func table(_ groups: [RunGroup]) -> MarkdownTable {
        let rows = groups.map { group in
            [group.link, group.variant, group.pattern] + self.columns.map { Self.text($0, group.measures) }
        }
        return MarkdownTable(header: ["link", "variant", "pattern"] + self.columns.map(\.title), rows: rows)
            .withoutEmptyColumns
    }

    private static func text(_ column: Column, _ measures: LinkMeasures) -> String {
        guard let value = measures[keyPath: column.value] else { return MarkdownTable.nothing }
        return column.decimals.map { FigureText.fixed(value, decimals: $0) } ?? FigureText.short(value)
    }
}
