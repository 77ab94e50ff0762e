import LinkReport
import Testing

@Suite struct MarkdownTableTests {
    private let table = MarkdownTable(header: ["a", "b", "c"], rows: [["1", "–", "3"], ["–", "–", "6"]])

    @Test func `a table has a rule below its header`() {
        #expect(self.table.text == "| a | b | c |\n| --- | --- | --- |\n| 1 | – | 3 |\n| – | – | 6 |\n")
    }

    @Test func `columns without a figure are left out`() {
        #expect(self.table.withoutEmptyColumns.text == "| a | c |\n| --- | --- |\n| 1 | 3 |\n| – | 6 |\n")
    }
}
