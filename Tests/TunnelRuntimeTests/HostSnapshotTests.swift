import DatagramIO
import PacketPrimitives
import Testing
import TunnelCore
import TunnelRuntime

@Suite struct HostSnapshotTests {
    private static func snapshot(_ number: Int) -> HostSnapshot {
        var snapshot = HostSnapshot(role: .server, time: Instant(milliseconds: 1))
        snapshot.totals.ingress.failedChecksum = UInt64(number)
        snapshot.totals.sessionCount = number
        snapshot.connectingCount = number
        snapshot.loops = [LoopSnapshot(lag: LagHistogram(), burstByteCount: number)]
        return snapshot
    }

    @Test func `loops add up`() {
        var total = Self.snapshot(1)
        total += Self.snapshot(20)
        #expect(total.totals.ingress.failedChecksum == 21 && total.totals.sessionCount == 21)
        #expect(total.connectingCount == 21 && total.loops.map(\.burstByteCount) == [1, 20])
    }

    @Test func `the same shortfall is told once`() {
        let shortfall = BufferShortfall(direction: .send, requestedByteCount: 2, grantedByteCount: 1)
        var one = Self.snapshot(0)
        one.add([shortfall, shortfall])
        var total = Self.snapshot(0)
        total += one
        total += one
        #expect(total.bufferShortfalls == [shortfall])
    }
}
