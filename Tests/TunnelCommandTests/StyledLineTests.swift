import Testing
import TunnelCommand

@Suite struct StyledLineTests {
    @Test func `pieces look as they should and are cut together`() {
        var line = StyledLine("abc", .bold)
        line.append("def")
        line.append("ghi", .problem)
        #expect(line.width == 9 && line.plainText == "abcdefghi")
        #expect(line.text(columns: 80) == "\u{1B}[1mabc\u{1B}[0mdef\u{1B}[1;31mghi\u{1B}[0m")
        #expect(line.text(columns: 4) == "\u{1B}[1mabc\u{1B}[0md")
        #expect(line.text(columns: 0) == "")
    }

    @Test(arguments: [
        (80, 8, ["notice  one two three"]), (12, 8, ["notice  one ", "        two ", "        three"]),
        (18, 8, ["notice  one two ", "        three"]), (1, 2, ["notice  ", "  one ", "  two ", "  three"]),
    ])
    func `a long line is broken between words`(columns: Int, indent: Int, expected: [String]) {
        var line = StyledLine("notice  ", .notice)
        line.append("one ", .bold)
        line.append("two three")
        #expect(line.wrapped(columns: columns, indent: indent).map(\.plainText) == expected)
    }

    @Test func `what another program sends cannot move the cursor`() {
        #expect(StyledLine("a\u{1B}[2Jb\r\n\u{9B}c").plainText == "a [2Jb   c")
    }
}
