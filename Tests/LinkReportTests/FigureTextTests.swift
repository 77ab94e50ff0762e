import LinkReport
import Testing

@Suite struct FigureTextTests {
    @Test(
        arguments: [
            (0, 2, "0.00"), (1.005, 1, "1.0"), (2.96, 1, "3.0"), (12.345, 2, "12.35"), (-0.04, 1, "0.0"),
            (-1.25, 1, "-1.3"),
            (99.5, 0, "100"), (.infinity, 1, "–"),
        ] as [(Double, Int, String)])
    func `a number gets so many digits behind the point`(value: Double, decimals: Int, text: String) {
        #expect(FigureText.fixed(value, decimals: decimals) == text)
    }

    @Test(arguments: [(123.4, "123"), (12.34, "12.3"), (1.234, "1.23"), (0.5, "0.50")])
    func `a figure gets the digits that it deserves`(value: Double, text: String) {
        #expect(FigureText.short(value) == text)
    }

    @Test(arguments: [(0.5, "0.5"), (20, "20"), (0.125, "0.125"), (0, "0")] as [(Double, String)])
    func `an axis shows no zeros at the end`(value: Double, text: String) {
        #expect(FigureText.plain(value) == text)
    }
}
