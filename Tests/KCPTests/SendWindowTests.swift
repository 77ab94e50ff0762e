import PacketPrimitives
import Testing

@testable import KCP

@Suite struct SendWindowTests {
    private func window(segmentByteCount: Int = 100, initialNumber: UInt32 = 0) -> SendWindow {
        SendWindow(initialNumber: initialNumber, segmentByteCount: segmentByteCount, fastResend: 2)
    }

    private func byteCounts(_ window: borrowing SendWindow) -> [Int] {
        (0..<UInt32(window.inFlightCount)).map { Int(window.records[window.first &+ $0].byteCount) }
    }

    @Test func `small writes merge until a segment is full`() {
        var window = self.window()
        for count in [8, 50, 60, 1, 100] { window.append([UInt8](repeating: 0, count: count).span.bytes) }
        #expect(window.queuedSegmentCount == 3)
        let count = window.numberSegments(window: 32)
        #expect(count == 3)
        #expect(self.byteCounts(window) == [100, 100, 19])
        #expect(window.queuedByteCount == 0)
    }

    @Test func `a numbered segment is not filled up`() {
        var window = self.window()
        window.append(([1] as [UInt8]).span.bytes)
        _ = window.numberSegments(window: 32)
        window.append(([2] as [UInt8]).span.bytes)
        _ = window.numberSegments(window: 32)
        #expect(self.byteCounts(window) == [1, 1])
    }

    @Test(arguments: [0, 1, 5])
    func `numbers are given up to the window`(size: Int) {
        var window = self.window()
        window.append([UInt8](repeating: 0, count: 1000).span.bytes)
        let count = window.numberSegments(window: size)
        #expect(count == size && window.inFlightCount == size)
        #expect(window.queuedSegmentCount == 10 - size)
    }

    @Test func `una frees segments and their bytes`() {
        var window = self.window(initialNumber: .max - 1)
        window.append([UInt8](repeating: 0, count: 450).span.bytes)
        _ = window.numberSegments(window: 4)
        let isNews = window.acknowledge(before: 1)
        #expect(isNews && window.first == 1 && window.inFlightCount == 1)
        #expect(window.bytes.byteCount == 150)
        let isNewsAgain = window.acknowledge(before: 1)
        let isOldNews = window.acknowledge(before: .max)
        #expect(!isNewsAgain && !isOldNews)
    }

    @Test func `una beyond the last number acknowledges all of them`() {
        var window = self.window()
        window.append([UInt8](repeating: 0, count: 300).span.bytes)
        _ = window.numberSegments(window: 3)
        let isNews = window.acknowledge(before: 100)
        #expect(isNews && window.first == 3 && window.inFlightCount == 0 && window.bytes.byteCount == 0)
    }

    @Test func `a segment acknowledged before it was sent is never sent`() {
        var window = self.window()
        window.append([UInt8](repeating: 0, count: 300).span.bytes)
        _ = window.numberSegments(window: 3)
        window.release()
        window.acknowledge(1, echoed: 0)
        var sent: [UInt32] = []
        while let number = window.nextReleased() {
            window.markFirstTransmission(number, timeout: 200, now: 0)
            sent.append(number)
        }
        #expect(sent == [0, 2])
        #expect(window.wheel.count == 2)
    }

    /// One segment, sent at each of the times.
    private func window(sentAt times: [UInt64]) -> SendWindow {
        var window = self.window()
        window.append(([1] as [UInt8]).span.bytes)
        _ = window.numberSegments(window: 1)
        window.release()
        window.markFirstTransmission(0, timeout: 100, now: times[0])
        for time in times.dropFirst() { window.stamp(0, now: time) }
        return window
    }

    @Test(
        arguments: [
            ([10], 10, 0), ([10, 110], 110, 1), ([10, 110], 10, 0), ([10, 110, 210], 210, 2), ([10, 110, 210], 110, 1),
        ] as [([UInt64], UInt32, UInt64)])
    func `the copy that is acknowledged tells how many were lost`(times: [UInt64], echoed: UInt32, lost: UInt64) {
        var window = self.window(sentAt: times)
        window.acknowledge(0, echoed: echoed)
        _ = window.acknowledge(before: 1)
        #expect(window.lostTransmissionCount == lost)
    }

    @Test func `of a segment whose acknowledgement is missing one copy has arrived`() {
        var window = self.window(sentAt: [10, 110, 210])
        _ = window.acknowledge(before: 1)
        #expect(window.lostTransmissionCount == 2)
    }

    @Test func `only released segments are sent`() {
        var window = self.window()
        window.append(([1] as [UInt8]).span.bytes)
        _ = window.numberSegments(window: 3)
        let early = window.nextReleased()
        window.release()
        let late = window.nextReleased()
        #expect(early == nil && late == 0)
    }

    @Test func `trimming an empty window gives memory back`() {
        var window = self.window()
        window.append([UInt8](repeating: 0, count: 100_000).span.bytes)
        _ = window.numberSegments(window: 1000)
        #expect(window.spareByteCount == 0)
        _ = window.acknowledge(before: 1000)
        #expect(window.spareByteCount > 100_000 && window.memoryByteCount == window.spareByteCount)
        window.trim()
        #expect(window.spareByteCount < 2000)
        window.append(([1] as [UInt8]).span.bytes)
        #expect(window.queuedByteCount == 1)
    }
}
