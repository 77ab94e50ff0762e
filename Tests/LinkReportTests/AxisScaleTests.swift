import Testing

@testable import LinkReport

@Suite struct AxisScaleTests {
    @Test(
        arguments: [
            (97, [0, 50, 100]), (100, [0, 50, 100]), (4, [0, 1, 2, 3, 4]), (0.9, [0, 0.5, 1]),
            (1750, [0, 500, 1000, 1500, 2000]), (21, [0, 10, 20, 30]),
        ] as [(Double, [Double])])
    func `ticks are round numbers up to the largest value`(largest: Double, ticks: [Double]) {
        let scale = AxisScale(upTo: largest)
        #expect(scale.ticks == ticks)
        #expect(scale.high == ticks.last)
    }

    @Test func `an axis without values is an axis`() {
        let scale = AxisScale(upTo: 0)
        #expect(scale.high > 0)
        #expect(scale.position(0) == 0)
    }

    @Test func `a fixed end is kept, and ticks stay inside`() {
        let scale = AxisScale(from: 0, to: 17.95, tickCount: 12)
        #expect(scale.high == 17.95)
        #expect(scale.ticks == [0, 2, 4, 6, 8, 10, 12, 14, 16])
        #expect(scale.position(17.95) == 1)
    }

    @Test func `what lies outside stays on the paper`() {
        let scale = AxisScale(upTo: 10)
        #expect(scale.position(-5) == 0 && scale.position(50) == 1 && scale.position(5) == 0.5)
    }
}
