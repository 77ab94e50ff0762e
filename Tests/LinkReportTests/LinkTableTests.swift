import LinkReport
import NetworkSimulation
import Testing

@Suite struct LinkTableTests {
    @Test func `a row for each group, with the figures that there are`() throws {
        let groups = [group(.a, "default", .download, seeds: [1, 2]), group(.a, "go-default", .messages)]
        let table = LinkTable.table(groups)
        #expect(table.header.starts(with: ["link", "variant", "pattern", "Mbit/s", "% of limit", "wire"]))
        #expect(
            table.rows.map { Array($0[0...2]) } == [["a", "default", "download"], ["a", "go-default", "messages"]])
        let goodput = try #require(groups[0].measures.goodput)
        #expect(table.rows[0][3] == FigureText.short(goodput))
        #expect(table.rows[1][3] == "–")
        #expect(!table.header.contains("Jain"))
        #expect(table.rows.allSatisfy { $0.count == table.header.count })
    }

    @Test func `a group has the medians of its runs`() {
        let group = group(.c, "default", .download, seeds: [1, 2, 3])
        #expect(group.measures == LinkMeasures.median(of: group.runs.map(\.measures)))
        #expect(group.runs.map(\.outline.seed) == [1, 2, 3])
    }

    @Test func `without a tunnel there is no variant`() {
        #expect(group(.a, "default", .alone(.bbr)).variant == "–")
    }
}
