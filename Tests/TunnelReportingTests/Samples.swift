import Ciphers
import DatagramIO
import ErasureCoding
import KCP
import PacketPrimitives
import Smux
import TunnelReporting
import TunnelRuntime

@testable import TunnelCore

/// Snapshots as a host would give them, for the tests to change.
enum Samples {
    static let program = ProgramIdentity(name: "kcptun-server", version: "1.2.3", startTime: 1_800_000_000.5)

    static func session(peerPort: UInt16 = 4000, conversation: UInt32 = 7, smoothed: Int? = 50) -> SessionSnapshot {
        SessionSnapshot(
            peer: .ipv4(0x7F00_0001, port: peerPort), local: .ipv4(0x7F00_0001, port: 29900), state: .established,
            ageMilliseconds: 60_000, silenceMilliseconds: 200, isWaiting: false,
            figures: SessionFigures(
                conversationID: conversation, cipher: .aes, rules: .modelled, isPeerRateControlled: false,
                smuxVersion: 2,
                usesCompression: true, sentShards: ShardCounts(data: 10, parity: 3), receivedShards: nil,
                isPeerIntroduced: true, streamCount: 3,
                roundTrip: smoothed.map { .init(smoothed: $0, minimum: 40, variation: 5, timeout: 90) },
                window: .init(configured: 512, peer: 128, applied: 128, inFlight: 10, queued: 0),
                memory: SessionFigures.Memory()),
            statistics: SessionStatistics(), streams: StreamCensus())
    }

    static func host(
        _ sessions: [SessionSnapshot] = [], role: TunnelRole = .server, seconds: Int = 0
    ) -> HostSnapshot {
        var host = HostSnapshot(
            role: role, time: Instant(milliseconds: 1_000_000).advanced(milliseconds: seconds * 1000))
        for session in sessions { host.add(session) }
        host.loops = [LoopSnapshot(lag: LagHistogram(), burstByteCount: 1000)]
        return host
    }

    static func input(_ host: HostSnapshot) -> MetricsInput {
        MetricsInput(
            program: Self.program,
            process: ProcessFigures(
                processorSeconds: 1.25, residentByteCount: 5_000_000, openDescriptorCount: 12, descriptorLimit: 1024),
            snapshot: host)
    }

    /// Everything has happened once, so that every metric has a value.
    static var busyHost: HostSnapshot {
        var host = Self.host([Self.session(), Self.session(peerPort: 4001, conversation: 8, smoothed: 70)])
        host.totals.sessions.wire.payload = 100
        host.totals.sessions.wire.received = 100
        host.totals.sessions.multiplexer.sentPayloadByteCount = 80
        host.totals.socket.droppedDatagrams = [101: 3, 1: 1]
        host.totals.socket.receiveErrors = [111: 2]
        host.loops[0].lag.add(microseconds: 3000)
        return host
    }
}
