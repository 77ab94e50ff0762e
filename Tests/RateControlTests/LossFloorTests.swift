import Testing

@testable import RateControl

@Suite struct LossFloorTests {
    /// `count` transmissions of which every `every`th got lost, then the end of a round.
    private func round(_ floor: inout LossFloor, count: Int, lostEvery every: Int?, isBelowRate: Bool = false) -> Bool {
        for index in 1...count {
            floor.add(isLost: every.map { index.isMultiple(of: $0) } ?? false, isBelowRate: isBelowRate)
        }
        return floor.endRound()
    }

    @Test func `what the first search loses is the path's doing`() {
        var floor = LossFloor()
        let isExcessive = self.round(&floor, count: 200, lostEvery: 10)
        #expect(!isExcessive)
        #expect(abs(floor.value - 0.1) < 0.001)
    }

    @Test func `a round of the search that loses much more than the ones before is excessive`() {
        var floor = LossFloor()
        _ = self.round(&floor, count: 200, lostEvery: 100)
        let isExcessive = self.round(&floor, count: 200, lostEvery: 4)
        #expect(isExcessive)
        #expect(abs(floor.value - 0.01) < 0.001)
    }

    /// At 5 % loss: an upload of 12 s that took this for more than the path's stayed at an eighth of the rate for 3 s.
    @Test func `few transmissions say little about the next few`() {
        var floor = LossFloor()
        _ = self.round(&floor, count: 140, lostEvery: 34)
        let isExcessive = self.round(&floor, count: 130, lostEvery: 11)
        #expect(!isExcessive)
        #expect((0.05...0.06).contains(floor.value))
    }

    @Test func `afterwards only transmissions below the rate raise it`() {
        var floor = LossFloor()
        floor.endStartup()
        for _ in 0..<10 { _ = self.round(&floor, count: 100, lostEvery: 20) }
        #expect(floor.value == 0)
        for _ in 0..<10 { _ = self.round(&floor, count: 100, lostEvery: 20, isBelowRate: true) }
        #expect(abs(floor.value - 0.05) < 0.005)
    }

    @Test func `a better round pulls it down, whatever the rate`() {
        var floor = LossFloor()
        _ = self.round(&floor, count: 200, lostEvery: 5)
        floor.endStartup()
        for _ in 0..<10 { _ = self.round(&floor, count: 100, lostEvery: nil) }
        #expect(floor.value < 0.02)
    }

    @Test func `it never exceeds its bound`() {
        var floor = LossFloor()
        for _ in 0..<5 { _ = self.round(&floor, count: 200, lostEvery: 1) }
        #expect(floor.value == LossFloor.largest)
    }

    @Test func `too few transmissions teach nothing`() {
        var floor = LossFloor()
        let isExcessive = self.round(&floor, count: 20, lostEvery: 2)
        #expect(!isExcessive)
        #expect(floor.value == 0)
    }

    /// Two lost datagrams of acknowledgements made an upload to the original believe that 97 of 134 were lost, and stay at
    /// a tenth of the rate.
    @Test(arguments: [(3, 134, 97, false), (8, 134, 97, true), (8, 134, 80, false), (8, 99, 97, false)])
    func `a flood is told by several datagrams of acknowledgements`(
        reportCount: Int, count: Int, lostCount: Int, isFlood: Bool
    ) {
        var floor = LossFloor()
        for _ in 0..<reportCount { floor.noteReport() }
        for index in 0..<count { floor.add(isLost: index < lostCount, isBelowRate: false) }
        #expect(floor.isFlooding == isFlood)
        _ = floor.endRound()
        #expect(!floor.isFlooding)
    }
}
