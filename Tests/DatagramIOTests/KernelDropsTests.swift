import Testing

@testable import DatagramIO

@Suite struct KernelDropsTests {
    @Test func `the kernel's count wraps`() {
        var drops = KernelDrops()
        let counts = [UInt32.max - 1, 3, 3].map { drops.note($0).messages }
        #expect(counts == [UInt64(UInt32.max - 1), 5, 0])
    }

    @Test func `what was turned away is told with the first message behind it, too`() {
        var drops = KernelDrops()
        var areTurnedAway = [drops.note(10).areTurnedAway]
        drops.isTurningAway = true
        areTurnedAway += [20, 30].map { drops.note($0).areTurnedAway }
        drops.isTurningAway = false
        areTurnedAway += [40, 50].map { drops.note($0).areTurnedAway }
        #expect(areTurnedAway == [false, true, true, true, false])
    }
}
