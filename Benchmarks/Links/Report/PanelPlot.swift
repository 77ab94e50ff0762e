/// Several panels over one time axis, as an SVG picture that needs nothing else: its colours follow the reader's light
/// or dark scheme.
package struct PanelPlot {
    /// One line of a panel.
    package struct Line {
        package enum Stroke: String {
            case solid, dashed
        }

        /// Which of the plot's names it belongs to; `nil` for what belongs to all.
        package var name: Int?
        package var values: [Double]
        package var stroke: Stroke

        package init(name: Int?, values: [Double], stroke: Stroke = .solid) {
            self.name = name
            self.values = values
            self.stroke = stroke
        }
    }

    package struct Panel {
        /// What is shown, with its unit.
        package var title: String
        package var lines: [Line]

        package init(title: String, lines: [Line]) {
            self.title = title
            self.lines = lines
        }
    }

    package var title: String
    /// What the colours stand for.
    package var names: [String]
    /// The times of the values.
    package var seconds: [Double]
    package var panels: [Panel]

    package init(title: String, names: [String], seconds: [Double], panels: [Panel]) {
        self.title = title
        self.names = names
        self.seconds = seconds
        self.panels = panels
    }

    private static let width = 860.0
    private static let margin = (left: 62.0, right: 16.0, top: 34.0, bottom: 40.0)
    private static let panelHeight = 130.0
    private static let panelDistance = 30.0
    private static let legendHeight = 18.0

    private var plotWidth: Double { Self.width - Self.margin.left - Self.margin.right }
    private var top: Double { Self.margin.top + Self.legendHeight * Double(self.legendRows.count) + 24 }
    private var height: Double {
        self.top + Double(self.panels.count) * (Self.panelHeight + Self.panelDistance) - Self.panelDistance
            + Self.margin.bottom
    }

    /// The picture.
    package var svg: String {
        let time = AxisScale(from: 0, to: max(self.seconds.last ?? 1, 1e-3), tickCount: 12)
        let panels = self.panels.enumerated().map { number, panel in
            self.drawing(
                of: panel, time: time, top: self.top + Double(number) * (Self.panelHeight + Self.panelDistance))
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(n(Self.width)) \(n(self.height))" \
            width="\(n(Self.width))" height="\(n(self.height))" role="img">
            <title>\(Self.escaped(self.title))</title>
            \(Self.style)
            <rect class="paper" width="100%" height="100%"/>
            <text class="title" x="\(n(Self.margin.left))" y="22">\(Self.escaped(self.title))</text>
            \(self.legend)
            \(panels.joined(separator: "\n"))
            \(self.timeAxis(time))
            </svg>

            """
    }
}

// MARK: The parts

extension PanelPlot {
    private static let style = """
        <style>
        .paper { fill: #ffffff } text { font: 12px system-ui, sans-serif; fill: #24292f }
        .title { font-size: 15px; font-weight: 600 } .tick { font-size: 11px; fill: #57606a }
        .grid { stroke: #d8dee4; stroke-width: 1 } .frame { fill: none; stroke: #8c959f }
        .line { fill: none; stroke-width: 1.4; stroke-linejoin: round } .dashed { stroke-dasharray: 4 3 }
        .shared { stroke: #8c959f } .c0 { stroke: #0059b3 } .c1 { stroke: #c4500d } .c2 { stroke: #1a7f37 }
        .c3 { stroke: #8250df } .c4 { stroke: #b8860b } .c5 { stroke: #bf3989 }
        .c6 { stroke: #0a7f86 } .c7 { stroke: #6b4f3a }
        @media (prefers-color-scheme: dark) {
        .paper { fill: #0d1117 } text { fill: #e6edf3 } .tick { fill: #9198a1 } .grid { stroke: #30363d }
        .frame { stroke: #6e7681 } .shared { stroke: #8b949e } .c0 { stroke: #58a6ff } .c1 { stroke: #ff9b57 }
        .c2 { stroke: #56d364 } .c3 { stroke: #bc8cff } .c4 { stroke: #e3b341 } .c5 { stroke: #ff7bbf }
        .c6 { stroke: #39c5cf } .c7 { stroke: #c69c6d }
        }
        </style>
        """
    private static let colourCount = 8

    private static func colour(_ name: Int?) -> String { name.map { "c\($0 % Self.colourCount)" } ?? "shared" }

    /// Names that fit side by side, with their places.
    private var legendRows: [[(name: Int, x: Double)]] {
        var rows: [[(name: Int, x: Double)]] = [[]]
        var x = Self.margin.left
        for (index, name) in self.names.enumerated() {
            let width = 44 + 7.2 * Double(name.count)
            if x + width > Self.width - Self.margin.right, !rows[rows.count - 1].isEmpty {
                rows.append([])
                x = Self.margin.left
            }
            rows[rows.count - 1].append((index, x))
            x += width
        }
        return rows
    }

    private var legend: String {
        self.legendRows.enumerated().flatMap { row, entries in
            entries.map { entry in
                let y = Self.margin.top + Self.legendHeight * Double(row) + 8
                return """
                    <line class="line \(Self.colour(entry.name))" x1="\(n(entry.x))" y1="\(n(y - 4))" \
                    x2="\(n(entry.x + 22))" y2="\(n(y - 4))" style="stroke-width:3"/>\
                    <text x="\(n(entry.x + 28))" y="\(n(y))">\(Self.escaped(self.names[entry.name]))</text>
                    """
            }
        }.joined(separator: "\n")
    }

    private func drawing(of panel: Panel, time: AxisScale, top: Double) -> String {
        let scale = AxisScale(upTo: panel.lines.flatMap(\.values).filter(\.isFinite).max() ?? 1)
        let left = Self.margin.left
        var parts = ["<text x=\"\(n(left))\" y=\"\(n(top - 6))\">\(Self.escaped(panel.title))</text>"]
        for tick in scale.ticks {
            let y = top + Self.panelHeight * (1 - scale.position(tick))
            parts.append(Self.gridLine(left, y, left + self.plotWidth, y))
            parts.append(Self.tick(FigureText.plain(tick), x: left - 6, y: y + 4, anchor: "end"))
        }
        for tick in time.ticks {
            let x = left + self.plotWidth * time.position(tick)
            parts.append(Self.gridLine(x, top, x, top + Self.panelHeight))
        }
        parts += panel.lines.map { self.polyline($0, time: time, scale: scale, top: top) }
        parts.append(
            """
            <rect class="frame" x="\(n(left))" y="\(n(top))" width="\(n(self.plotWidth))" \
            height="\(n(Self.panelHeight))"/>
            """)
        return parts.joined(separator: "\n")
    }

    private func polyline(_ line: Line, time: AxisScale, scale: AxisScale, top: Double) -> String {
        let points = zip(self.seconds, line.values).filter(\.1.isFinite).map { second, value in
            let x = Self.margin.left + self.plotWidth * time.position(second)
            return "\(n(x)),\(n(top + Self.panelHeight * (1 - scale.position(value))))"
        }
        return """
            <polyline class="line \(line.stroke.rawValue) \(Self.colour(line.name))" \
            points="\(points.joined(separator: " "))"/>
            """
    }

    private func timeAxis(_ time: AxisScale) -> String {
        let bottom = self.height - Self.margin.bottom
        var parts = time.ticks.map { tick in
            let x = Self.margin.left + self.plotWidth * time.position(tick)
            return Self.tick(FigureText.plain(tick), x: x, y: bottom + 15, anchor: "middle")
        }
        parts.append(
            Self.tick("seconds", x: Self.width - Self.margin.right, y: bottom + 32, anchor: "end"))
        return parts.joined(separator: "\n")
    }

    private static func gridLine(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        "<line class=\"grid\" x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\"/>"
    }

    private static func tick(_ text: String, x: Double, y: Double, anchor: String) -> String {
        "<text class=\"tick\" x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"\(anchor)\">\(text)</text>"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}

/// A coordinate: a tenth of a pixel is enough.
private func n(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? String(tenths / 10) : FigureText.fixed(Double(tenths) / 10, decimals: 1)
}
