import DatagramIO
import TunnelCore
import TunnelRuntime

extension MetricsTable {
    static let queues: [Metric] = [
        .gauges(
            "kcptun_held_segments",
            "Segments that are held: waiting to be let out by the window, in flight, received and waiting for one "
                + "before them, or for a connection that reads too slowly.",
            by: "queue",
            [
                .value("send", original: "RingBufferSndQueue") { Double($0.sessions.queuedSegments) },
                .value("in_flight", original: "RingBufferSndBuffer") { Double($0.sessions.inFlightSegments) },
                .value("reordering") { Double($0.sessions.waitingSegments) },
                .value("receive", original: "RingBufferRcvQueue") { Double($0.sessions.readySegments) },
            ]),
        .gauges(
            "kcptun_stream_queue_bytes",
            "Bytes that wait between connections and sessions: read and not sent yet, or received and not written yet.",
            by: "direction",
            [
                .value("toward_tunnel") { Double($0.streams.bytesTowardTunnel) },
                .value("from_tunnel") { Double($0.streams.bytesFromTunnel) },
            ]),
        .counter("kcptun_blocked_sends_total", "How often the kernel's send buffer was full; nothing is lost by it.") {
            $0.socket.blockedSends
        },
    ]
}
