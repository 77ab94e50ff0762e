import Testing

@testable import KCP

@Suite struct WindowProbeTests {
    @Test func `an open window is not probed`() {
        var probe = WindowProbe()
        probe.advance(remoteWindow: 1, now: 5000)
        #expect(!probe.mustAsk && probe.wait == 0)
    }

    @Test func `the first question comes after 500 ms and the wait grows by half`() {
        var probe = WindowProbe()
        var asked: [UInt64] = []
        for now in UInt64(1000)...5000 {
            probe.advance(remoteWindow: 0, now: now)
            if probe.mustAsk { asked.append(now) }
            probe.mustAsk = false
        }
        #expect(asked == [1500, 2250, 3375])
    }

    @Test func `the wait ends at two minutes`() {
        var probe = WindowProbe()
        for _ in 0..<40 { probe.advance(remoteWindow: 0, now: probe.deadline) }
        #expect(probe.wait == 120_000)
    }

    @Test func `an opened window starts the next probing anew`() {
        var probe = WindowProbe()
        for now in [UInt64(0), 500, 1250] { probe.advance(remoteWindow: 0, now: now) }
        probe.advance(remoteWindow: 4, now: 1300)
        probe.advance(remoteWindow: 0, now: 1400)
        #expect(probe.wait == 500 && probe.deadline == 1900)
    }
}
