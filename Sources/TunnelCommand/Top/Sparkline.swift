/// Values over time as one line of blocks.
enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// The newest values that fit, at the right end; the greatest, at least `least`, is the full height.
    static func text(_ values: [Double], columns: Int, least: Double) -> String {
        let shown = values.suffix(columns)
        let top = shown.reduce(least, max)
        return String(
            shown.map { value in
                let level = Int((min(max(value, 0), top) / top * Double(Self.blocks.count)).rounded(.down))
                return Self.blocks[min(level, Self.blocks.count - 1)]
            })
    }
}
