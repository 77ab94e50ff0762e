import Testing
import TunnelReporting

@Suite struct FigureTextTests {
    @Test(arguments: [
        (0.0, 2, "0.00"), (1.005, 1, "1.0"), (9.96, 1, "10.0"), (0.04, 1, "0.0"), (-0.04, 1, "0.0"), (-2.5, 1, "-2.5"),
        (12.5, 0, "13"), (.nan, 1, "-"), (.infinity, 1, "-"), (1e300, 2, "-"),
    ])
    func `numbers are rounded to a fixed number of places`(value: Double, places: Int, expected: String) {
        #expect(FigureText.fixed(value, places) == expected)
    }

    @Test(arguments: [(5.0, "5"), (0.25, "0.25"), (100, "100"), (2.5, "2.5"), (0, "0")])
    func `needless zeros are left out`(value: Double, expected: String) {
        #expect(FigureText.short(value) == expected)
    }

    @Test(arguments: [(UInt64(0), "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")])
    func `digits are grouped by three`(value: UInt64, expected: String) {
        #expect(FigureText.grouped(value) == expected)
    }

    @Test func `a text wider than its column is left whole`() {
        #expect(FigureText.left("abc", width: 2) == "abc")
        #expect(FigureText.right("abc", width: 5) == "  abc")
    }
}
