import LinkReport
import Testing

@Suite struct PanelPlotTests {
    private let svg = PanelPlot(
        title: "A < B & C", names: ["first", "second"], seconds: [1, 2, 3, 4],
        panels: [
            PanelPlot.Panel(
                title: "Rate, Mbit/s",
                lines: [
                    PanelPlot.Line(name: nil, values: [100, 100, 100, 100], stroke: .dashed),
                    PanelPlot.Line(name: 0, values: [0, 50, .nan, 100]), PanelPlot.Line(name: 1, values: [1, 2, 3, 4]),
                ]), PanelPlot.Panel(title: "Queue, ms", lines: []),
        ]
    ).svg

    private func count(_ text: String) -> Int {
        self.svg.split(separator: text, omittingEmptySubsequences: false).count - 1
    }

    @Test func `it is one picture that needs nothing else`() {
        #expect(self.svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
        #expect(self.svg.hasSuffix("</svg>\n"))
        #expect(self.count("href") == 0)
        #expect(self.count("<svg") == 1)
    }

    @Test func `text is escaped`() {
        #expect(self.count("A &lt; B &amp; C") == 2)
        #expect(self.count("A < B") == 0)
    }

    @Test func `light and dark have colours of their own`() {
        #expect(self.count("prefers-color-scheme: dark") == 1)
        #expect(self.count(".c0 { stroke:") == 2)
    }

    @Test func `axes, units and legend are there`() {
        for text in ["Rate, Mbit/s", "Queue, ms", "seconds", ">first<", ">second<", ">50<", ">100<"] {
            #expect(self.count(text) >= 1, "\(text)")
        }
    }

    @Test func `every line is drawn, without what is not known`() throws {
        #expect(self.count("<polyline") == 3)
        #expect(self.count("class=\"line dashed shared\"") == 1)
        let line = try #require(
            self.svg.split(separator: "\n").first { $0.contains("class=\"line solid c0\"") && $0.contains("polyline") })
        #expect(line.split(separator: ",").count - 1 == 3)
    }
}
