import Testing

@testable import KCP

@Suite struct CongestionWindowTests {
    private func started(fastResend: Int = 2) -> CongestionWindow {
        var window = CongestionWindow(isEnabled: true, segmentByteCount: 100, fastResend: fastResend)
        window.reduce(resentCount: 0, timeoutCount: 0, inFlightCount: 0, appliedWindow: 0)
        return window
    }

    @Test func `switched off it limits nothing and stays as it is`() {
        var window = CongestionWindow(isEnabled: false, segmentByteCount: 100, fastResend: 2)
        window.grow(remoteWindow: 100)
        window.reduce(resentCount: 1, timeoutCount: 1, inFlightCount: 10, appliedWindow: 10)
        #expect(window.applied(to: 77) == 77 && window.window == 0 && window.threshold == 2)
    }

    @Test func `the first flush opens it to one segment`() {
        let window = self.started()
        #expect(window.window == 1 && window.increment == 100 && window.applied(to: 32) == 1)
    }

    @Test func `it grows by a segment below the threshold and slower above`() {
        var window = self.started()
        window.grow(remoteWindow: 32)
        #expect(window.window == 2 && window.increment == 200)
        window.grow(remoteWindow: 32)
        #expect(window.window == 2 && window.increment == 256)
        window.grow(remoteWindow: 32)
        #expect(window.window == 4 && window.increment == 301)
    }

    @Test func `it never exceeds the remote window`() {
        var window = self.started()
        for _ in 0..<100 { window.grow(remoteWindow: 3) }
        #expect(window.window == 3)
    }

    @Test func `a fast retransmit halves`() {
        var window = self.started()
        window.reduce(resentCount: 1, timeoutCount: 0, inFlightCount: 20, appliedWindow: 20)
        #expect(window.threshold == 10 && window.window == 12 && window.increment == 1200)
    }

    @Test func `with fast resend off the original adds 2^32 - 1`() {
        var window = self.started(fastResend: 0)
        window.reduce(resentCount: 1, timeoutCount: 0, inFlightCount: 20, appliedWindow: 20)
        #expect(window.threshold == 10 && window.window == 9)
    }

    @Test func `a timeout starts again`() {
        var window = self.started()
        window.reduce(resentCount: 1, timeoutCount: 1, inFlightCount: 20, appliedWindow: 14)
        #expect(window.threshold == 7 && window.window == 1 && window.increment == 100)
    }
}
