import Testing

@testable import TunnelCommand

@Suite struct SparklineTests {
    @Test func `the greatest value is the full height`() {
        #expect(Sparkline.text([0, 1, 2, 4, 8], columns: 10, least: 1) == "▁▂▃▅█")
    }

    @Test func `small values stay small`() {
        #expect(Sparkline.text([0.1, 0.2], columns: 10, least: 8) == "▁▁")
    }

    @Test func `the newest values that fit are shown`() {
        #expect(Sparkline.text([9, 9, 0, 9], columns: 2, least: 1) == "▁█")
        #expect(Sparkline.text([9], columns: 0, least: 1) == "" && Sparkline.text([], columns: 5, least: 1) == "")
    }

    @Test func `senseless values do not trap`() {
        #expect(Sparkline.text([-5, 0], columns: 5, least: 1) == "▁▁")
    }
}
