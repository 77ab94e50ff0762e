/// A table for people, in Markdown.
package struct MarkdownTable {
    package var header: [String]
    package var rows: [[String]]

    package init(header: [String], rows: [[String]] = []) {
        self.header = header
        self.rows = rows
    }

    /// Without the columns that are empty in every row.
    package var withoutEmptyColumns: MarkdownTable {
        let kept = self.header.indices.filter { column in self.rows.contains { $0[column] != Self.nothing } }
        return MarkdownTable(
            header: kept.map { self.header[$0] }, rows: self.rows.map { row in kept.map { row[$0] } })
    }

    /// What stands for a figure that there is not.
    package static let nothing = "–"

    package var text: String {
        let lines = [self.header, self.header.map { _ in "---" }] + self.rows
        return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }
}
