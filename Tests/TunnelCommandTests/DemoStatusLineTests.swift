import Testing

@testable import TunnelCommand

@Suite struct DemoStatusLineTests {
    private var line: DemoStatusLine {
        DemoStatusLine(
            direction: .up, arrivedByteCount: 24_000_000, byteCount: 48_000_000, megabitsPerSecond: 64.04,
            traffic: .sample, returnTraffic: .returnSample, ping: DemoTransfer.sample.ping)
    }

    @Test func `the line has every figure`() {
        #expect(
            self.line.text
                == "up    24.0 of 48 MB   64.0 Mbit/s  ping p50/p99 90/120 ms  lost 2600 FEC 1800 resent 321  wire x2.80"
        )
    }

    @Test func `before anything has arrived there are dashes and zeros`() {
        var line = self.line
        line.ping = nil
        line.arrivedByteCount = 0
        #expect(line.text.contains("ping p50/p99 -/- ms"))
        #expect(line.text.hasSuffix("wire x0.00"))
    }
}
