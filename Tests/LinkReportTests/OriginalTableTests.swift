import LinkReport
import NetworkSimulation
import Testing

@Suite struct OriginalTableTests {
    @Test func `model and measurement stand side by side`() throws {
        let figures = try #require(OriginalFigures.all.first)
        var model = LinkMeasures()
        model.goodput = 36
        model.wire = 1.39
        var loaded = LinkMeasures()
        loaded.message99 = 302
        let table = OriginalTable(rows: [
            OriginalTable.Row(measured: figures, model: model, loaded: loaded),
            OriginalTable.Row(measured: figures, model: model, loaded: nil),
        ]).table
        #expect(
            table.rows[0] == [
                "b", "go-default", "down", "72.0", "36.0", "0.50", "1.39", "1.39", "1.00", "151", "302", "2.00",
            ])
        #expect(table.rows[1].suffix(3) == ["151", "–", "–"])
        #expect(table.rows.allSatisfy { $0.count == table.header.count })
    }
}
