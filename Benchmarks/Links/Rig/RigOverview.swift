package import LinkReport
import NetworkSimulation

/// The results as people want to see them first: a row for each link and variant, all patterns side by side.
package enum RigOverview {
    private struct Column {
        let title: String
        let pattern: String
        let decimals: Int?
        let value: any KeyPath<LinkMeasures, Double?> & Sendable

        init(
            _ title: String, _ pattern: TrafficPattern, _ value: any KeyPath<LinkMeasures, Double?> & Sendable,
            _ decimals: Int? = nil
        ) {
            self.title = title
            self.pattern = pattern.name
            self.value = value
            self.decimals = decimals
        }
    }

    private static let columns = [
        Column("down Mbit/s", .download, \.goodput), Column("% of limit", .download, \.share, 0),
        Column("settled s", .download, \.settling, 2), Column("wire", .download, \.wire, 2),
        Column("spurious %", .download, \.spurious, 1), Column("queue p50 ms", .download, \.queueMedian, 0),
        Column("p95", .download, \.queue95, 0), Column("dropped %", .download, \.dropped, 1),
        Column("up Mbit/s", .upload, \.goodput), Column("% of limit", .upload, \.share, 0),
        Column("wire", .upload, \.wire, 2), Column("idle p50 ms", .messages, \.messageMedian, 0),
        Column("p99", .messages, \.message99, 0), Column("down: p50 ms", .loadedDownload, \.messageMedian, 0),
        Column("p99", .loadedDownload, \.message99, 0), Column("up: p50 ms", .loadedUpload, \.messageMedian, 0),
        Column("p99", .loadedUpload, \.message99, 0),
    ]

    /// Without the columns that no row has.
    package static func table(_ groups: [RunGroup]) -> MarkdownTable {
        var keys: [(link: String, variant: String)] = []
        for group in groups where !keys.contains(where: { $0 == (group.link, group.variant) }) {
            keys.append((group.link, group.variant))
        }
        let rows = keys.map { key in
            [key.link, key.variant]
                + self.columns.map { column in
                    let group = groups.first {
                        ($0.link, $0.variant) == key && $0.pattern == column.pattern
                    }
                    return self.text(group?.measures[keyPath: column.value], column.decimals)
                }
        }
        return MarkdownTable(header: ["link", "variant"] + self.columns.map(\.title), rows: rows).withoutEmptyColumns
    }

    private static func text(_ value: Double?, _ decimals: Int?) -> String {
        guard let value else { return MarkdownTable.nothing }
        return decimals.map { FigureText.fixed(value, decimals: $0) } ?? FigureText.short(value)
    }

    /// One run in a line.
    static func progress(_ measures: LinkMeasures) -> String {
        let figures: [(String, Double?, Int?)] = [
            ("Mbit/s", measures.goodput, nil), ("% of limit", measures.share, 0), ("wire", measures.wire, 2),
            ("queue p50", measures.queueMedian, 0), ("p95", measures.queue95, 0), ("settled", measures.settling, 2),
            ("message p50", measures.messageMedian, 0), ("p99", measures.message99, 0),
        ]
        return figures.filter { $0.1 != nil }.map { "\($0.0) \(self.text($0.1, $0.2))" }.joined(separator: ", ")
    }
}
