import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct BackOffTests {
    private func waits(_ count: Int, random: UInt32) -> [Int] {
        var backOff = BackOff()
        return (0..<count).map { _ in backOff.next(random: random) }
    }

    @Test func `waits double up to a limit`() {
        let middles = [250, 500, 1000, 2000, 4000, 8000, 8000, 8000]
        for (wait, middle) in zip(self.waits(8, random: .max / 2), middles) { #expect(wait == middle) }
    }

    @Test(arguments: [0, 1, .max / 3, .max / 2, .max - 1, .max] as [UInt32])
    func `a wait differs from its middle by a quarter at most`(random: UInt32) {
        for (wait, middle) in zip(self.waits(6, random: random), [250, 500, 1000, 2000, 4000, 8000]) {
            #expect(middle * 3 / 4...middle * 5 / 4 + 1 ~= wait)
        }
    }

    @Test func `the quarter is used, in both directions`() {
        #expect(self.waits(6, random: 0) == [188, 375, 750, 1500, 3000, 6000])
        #expect(self.waits(6, random: .max) == [313, 625, 1250, 2500, 5000, 10_000])
    }

    @Test func `it goes on for ever`() {
        #expect(self.waits(1000, random: 0).last == 6000)
    }
}
