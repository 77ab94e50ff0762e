import NetworkSimulation
import Testing

@Suite struct LinkMeasuresTests {
    private func measures(goodput: Double? = nil, settling: Double? = nil) -> LinkMeasures {
        var measures = LinkMeasures()
        measures.goodput = goodput
        measures.settling = settling
        return measures
    }

    @Test func `the median is taken figure by figure`() {
        let median = LinkMeasures.median(of: [
            self.measures(goodput: 3, settling: 1), self.measures(goodput: 1, settling: 5),
            self.measures(goodput: 2, settling: 2),
        ])
        #expect(median == self.measures(goodput: 2, settling: 2))
    }

    @Test func `runs that have not settled count as slow`() {
        let runs = [self.measures(settling: 1), self.measures(), self.measures(settling: 3)]
        #expect(LinkMeasures.median(of: runs).settling == 3)
        #expect(LinkMeasures.median(of: Array(runs[0...1])).settling == nil)
    }

    @Test func `the share needs a limit`() {
        var measures = self.measures(goodput: 45)
        #expect(measures.share == nil)
        measures.limit = 90
        #expect(measures.share == 50)
    }

    @Test func `every figure has a key of its own`() {
        #expect(Set(LinkMeasures.figures.map(\.key)).count == LinkMeasures.figures.count)
    }
}
