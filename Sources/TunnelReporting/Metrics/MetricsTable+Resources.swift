import TunnelCore
import TunnelRuntime

extension MetricsTable {
    static let resources: [Metric] = [
        .gauges(
            "kcptun_pool_bytes",
            "Memory by what it is held for: segments sent and not acknowledged (send_window), received segments that "
                + "wait (receive_window), FEC groups (fec), compression, bytes of connections (streams), and the event "
                + "loops' room for datagrams (bursts).",
            by: "pool",
            [
                .value("send_window") { Double($0.memory.sending) },
                .value("receive_window") { Double($0.memory.receiving) },
                .value("fec") { Double($0.memory.errorCorrection) },
                .value("compression") { Double($0.memory.compression) },
                .value("streams") { Double($0.streams.bytesTowardTunnel + $0.streams.bytesFromTunnel) },
                .value("bursts") { Double($0.snapshot.loops.reduce(0) { $0 + $1.burstByteCount }) },
            ]),
        .gauge("kcptun_event_loops", "Event loops that carry sessions, each on a thread of its own.") {
            Double($0.snapshot.loops.count)
        },
        Metric(
            name: "kcptun_event_loop_lag_seconds", kind: .histogram,
            help: "How late the event loops did what was due: timers, and answers to whoever reads this.",
            labelNames: [], source: .histogram(\.lag)),
    ]
}
