package import NetworkSimulation

/// The model of the original beside what the original has been measured to do.
package struct OriginalTable {
    /// One measured row with the model's medians.
    package struct Row: Sendable {
        package let measured: OriginalFigures
        package let model: LinkMeasures
        /// The model with messages beside the transfer; `nil` where none were measured.
        package let loaded: LinkMeasures?

        package init(measured: OriginalFigures, model: LinkMeasures, loaded: LinkMeasures?) {
            self.measured = measured
            self.model = model
            self.loaded = loaded
        }
    }

    package var rows: [Row]

    package init(rows: [Row]) { self.rows = rows }

    package var table: MarkdownTable {
        let header = [
            "link", "variant", "direction", "Mbit/s measured", "model", "ratio", "wire measured", "model", "ratio",
            "loaded p99 ms measured", "model", "ratio",
        ]
        return MarkdownTable(
            header: header,
            rows: self.rows.map { row in
                [row.measured.link.name, row.measured.profile.name, row.measured.direction.rawValue]
                    + Self.compare(row.measured.goodput, row.model.goodput)
                    + Self.compare(row.measured.wire, row.model.wire)
                    + Self.compare(row.measured.message99, row.loaded?.message99)
            })
    }

    private static func compare(_ measured: Double?, _ model: Double?) -> [String] {
        func text(_ value: Double?) -> String { value.map(FigureText.short) ?? MarkdownTable.nothing }
        let ratio = measured.flatMap { measured in model.map { $0 / measured } }
        return [text(measured), text(model), text(ratio)]
    }
}
