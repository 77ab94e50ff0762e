import Foundation
import Testing
import TunnelReporting

@Suite struct MetricsReferenceTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/metrics.md")

    @Test func `the page is what the table says`() throws {
        if ProcessInfo.processInfo.environment["KCPTUN_WRITE_DOCS"] != nil {
            try Data(MetricsReference.markdown.utf8).write(to: Self.page)
        }
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        #expect(text == MetricsReference.markdown, "run it with KCPTUN_WRITE_DOCS=1")
    }

    @Test func `every metric and every label value has its place`() {
        for metric in MetricsTable.metrics {
            #expect(MetricsReference.markdown.contains("| `\(metric.name)` | \(metric.kind.rawValue) |"))
            guard case .series(let series) = metric.source else { continue }
            for value in series.compactMap(\.labelValue) { #expect(MetricsReference.markdown.contains("`\(value)`")) }
        }
    }
}
