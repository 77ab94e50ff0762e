import PacketPrimitives
import Testing

@testable import KCP

@Suite struct SendWindowSkipsTests {
    /// Ten segments, number n sent at n · 10 ms.
    private func started(fastResend: Int = 2) -> SendWindow {
        var window = SendWindow(initialNumber: 0, segmentByteCount: 1, fastResend: fastResend)
        for offset in UInt64(0)..<10 {
            window.append(([0] as [UInt8]).span.bytes)
            _ = window.numberSegments(window: 10)
            window.release()
            window.markFirstTransmission(UInt32(offset), timeout: 1000, now: offset * 10)
        }
        return window
    }

    @Test func `an ACK counts for what was sent before it and not after its echo`() {
        var window = self.started()
        _ = window.countSkips(before: 5, echoed: 20)
        #expect((0..<10).map { window.records[$0].skipCount } == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
        _ = window.countSkips(before: 2, echoed: 90)
        #expect((0..<10).map { window.records[$0].skipCount } == [2, 2, 1, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test(arguments: [(0, [true, true]), (1, [true, true]), (2, [false, true]), (3, [false, false])])
    func `the flag rises when the threshold is reached`(fastResend: Int, flags: [Bool]) {
        var window = self.started(fastResend: fastResend)
        let first = window.countSkips(before: 3, echoed: 30)
        let second = window.countSkips(before: 4, echoed: 40)
        #expect([first, second] == flags)
    }

    @Test func `an acknowledged segment behind a hole goes on raising the flag`() {
        var window = self.started()
        for number: UInt32 in [1, 2, 3] {
            window.acknowledge(number, echoed: number * 10)
            _ = window.countSkips(before: number, echoed: number * 10)
        }
        _ = window.scheduleRetransmissions(.init(fastResend: 2, freshCount: 0, timeout: 100, backoff: 100), now: 95)
        #expect(window.due == [0])
        let isReached = window.countSkips(before: 4, echoed: 40)
        #expect(isReached)
    }

    @Test(arguments: [UInt32(10), 11, .max, 0])
    func `an ACK of a number not in flight, or the oldest, counts nothing`(number: UInt32) {
        var window = self.started()
        let isReached = window.countSkips(before: number, echoed: 1000)
        #expect(!isReached && window.skipped.isEmpty)
    }

    @Test func `a segment is touched no more often than the threshold`() {
        var window = self.started()
        for _ in 0..<100 { _ = window.countSkips(before: 9, echoed: 90) }
        #expect(window.countStart == 9)
        #expect(window.records[0].skipCount == 2)
        #expect(window.skipped.count == 9)
    }

    @Test(arguments: [(2, 4, [false, true]), (4, 2, [true, true])])
    func `another threshold counts from the next ACK on`(old: Int, new: Int, flags: [Bool]) {
        var window = self.started(fastResend: old)
        for number: UInt32 in [3, 4] { _ = window.countSkips(before: number, echoed: 90) }
        window.setFastResend(new)
        let first = window.countSkips(before: 5, echoed: 90)
        let second = window.countSkips(before: 6, echoed: 90)
        #expect([first, second] == flags)
        #expect(window.countStart <= window.first + 5)
    }
}
