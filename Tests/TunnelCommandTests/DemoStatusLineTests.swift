import Testing

@testable import TunnelCommand

@Suite struct DemoStatusLineTests {
    private var line: DemoStatusLine {
        DemoStatusLine(
            direction: .up, arrivedByteCount: 24_000_000, byteCount: 48_000_000, megabitsPerSecond: 64.04,
            traffic: .sample, returnTraffic: .returnSample, ping: DemoTransfer.sample.ping)
    }

    @Test func `the line has every figure`() {
        #expect(self.line.text == "up   24.0/48 MB  64.0 Mbit/s ping 90/120 ms lost 2600 FEC 1800 resent 321 x2.80")
    }

    @Test func `a line with large figures fits into 80 columns`() {
        var line = self.line
        line.direction = .down
        line.arrivedByteCount = 40_000_000
        line.traffic.recoveredPackets = 2100
        line.traffic.retransmittedSegments = 1999
        #expect(line.text.count <= 80)
    }

    @Test func `before anything has arrived there are dashes and zeros`() {
        var line = self.line
        line.ping = nil
        line.arrivedByteCount = 0
        #expect(line.text.contains("ping -/- ms"))
        #expect(line.text.hasSuffix(" x0.00"))
    }
}
