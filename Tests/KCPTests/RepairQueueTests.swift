import Testing

@testable import KCP

@Suite struct RepairQueueTests {
    private static func drain(_ queue: inout RepairQueue, isOpen: (UInt32) -> Bool = { _ in true }) -> [UInt32] {
        var numbers: [UInt32] = []
        while let number = queue.next(where: isOpen) {
            queue.take(number)
            numbers.append(number)
        }
        return numbers
    }

    @Test func `second copies come after all first ones`() {
        var queue = RepairQueue()
        for (number, copyCount) in [(UInt32(5), 2), (6, 1), (9, 2)] { queue.append(number, copyCount: copyCount) }
        #expect(Self.drain(&queue) == [5, 6, 9, 5, 9])
    }

    @Test func `what has arrived gets no copies`() {
        var queue = RepairQueue()
        for number in UInt32(0)..<200 { queue.append(number, copyCount: 2) }
        #expect(Self.drain(&queue) { $0 % 50 == 7 } == [7, 57, 107, 157, 7, 57, 107, 157])
    }

    @Test func `what has arrived is forgotten`() {
        var queue = RepairQueue()
        for number in UInt32(0)..<8 { queue.append(number, copyCount: 2) }
        queue.take(0)
        queue.forgetClosed { $0 < 2 }
        #expect(Self.drain(&queue) == [1, 0, 1])
        #expect(queue.isEmpty)
        for number in UInt32(0)..<8 { queue.append(number, copyCount: 2) }
        queue.forgetClosed { _ in false }
        #expect(queue.isEmpty)
    }

    /// A window of 2048 segments at 5 %: with one copy one of four windows would have a hole for another round trip.
    @Test(arguments: [
        (0.0, 2048, false, 1), (0.001, 2048, false, 1), (0.01, 2048, false, 1), (0.05, 2048, false, 2),
        (0.05, 2048, true, 1), (0.05, 100, false, 1), (0.3, 2048, false, 2),
    ]) func `there are as many as losses and window ask for`(
        loss: Double, window: Int, isUntold: Bool, count: Int
    ) {
        #expect(RepairQueue.copyCount(loss: loss, window: window, isUntold: isUntold) == count)
    }
}
