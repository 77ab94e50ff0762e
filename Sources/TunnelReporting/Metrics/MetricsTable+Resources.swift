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
        .gauge("kcptun_memory_held_bytes", "What sessions and connections hold, as it counts for --memlimit.") {
            Double($0.heldMemory.heldByteCount)
        },
        .gauge("kcptun_memory_limit_bytes", "What they may hold (--memlimit).") {
            Double($0.heldMemory.limitByteCount)
        },
        .counters(
            "kcptun_memory_shed_sessions_total",
            "What was done to stay below --memlimit: sessions that were refused, and how often one was held back, which then "
                + "reads less from its connections and from the network.",
            by: "what",
            [
                .count("refused") { $0.heldMemory.shedding.refusedSessions },
                .count("held_back") { $0.heldMemory.shedding.heldBackSessions },
            ]),
        .counter("kcptun_memory_refused_streams_total", "Connections that were refused to stay below --memlimit.") {
            $0.heldMemory.shedding.refusedStreams
        },
        .gauge("kcptun_event_loops", "Event loops that carry sessions, each on a thread of its own.") {
            Double($0.snapshot.loops.count)
        },
        Metric(
            name: "kcptun_event_loop_lag_seconds", kind: .histogram,
            help: "How late the event loops did what was due: timers, and answers to whoever reads this.",
            labelNames: [], source: .histogram(\.lag)),
    ]
}
