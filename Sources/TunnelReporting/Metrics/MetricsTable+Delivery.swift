import KCP
import TunnelCore

extension MetricsTable {
    static let delivery: [Metric] = [
        .counters(
            "kcptun_segments_total", "KCP segments of any kind.", by: "direction",
            [
                .count("sent", original: "OutSegs") { $0.sessions.conversation.sentSegments },
                .count("received", original: "InSegs") { $0.sessions.conversation.receivedSegments },
            ]),
        .counter("kcptun_retransmitted_segments_total", "Data segments sent again.", original: "RetransSegs") {
            $0.sessions.conversation.retransmittedSegments
        },
        .counter(
            "kcptun_copied_segments_total",
            "Data segments sent again before anything is known of the first: messages, some ms later; retransmissions "
                + "that a narrow window waits for, right behind."
        ) { $0.sessions.conversation.copiedSegments },
        .counters(
            "kcptun_retransmissions_total",
            "Decisions to send a segment again: fast, as enough later ones were acknowledged; early, as one was and "
                + "there was nothing new to send; timeout, as no acknowledgement came.",
            by: "cause",
            [
                .count("fast", original: "FastRetransSegs") { $0.sessions.conversation.fastRetransmissions },
                .count("early", original: "EarlyRetransSegs") { $0.sessions.conversation.earlyRetransmissions },
                .count("timeout", original: "LostSegs") { $0.sessions.conversation.timeouts },
            ]),
        .counter(
            "kcptun_repeated_segments_total", "Data segments that arrived once more than needed.",
            original: "RepeatSegs"
        ) { $0.sessions.conversation.repeatedSegments },
        .counters(
            "kcptun_estimated_lost_packets_total",
            "Packets lost on the way, as far as this end can tell. received: rebuilt from parity, or arrived after "
                + "having been sent again. sent: the peer acknowledged another copy, which a lost acknowledgement may cause too; what its FEC mended is "
                + "not known here.",
            by: "direction",
            [
                .count("sent") { $0.sessions.sentLoss.lost }, .count("received") { $0.sessions.receivedLoss.lost },
            ]),
        .gauges(
            "kcptun_estimated_loss_ratio", "The share that was lost since the start, by the same estimate.",
            by: "direction",
            [
                .value("sent") { $0.sessions.sentLoss.ratio }, .value("received") { $0.sessions.receivedLoss.ratio },
            ]),
        .gauges(
            "kcptun_smoothed_rtt_seconds", "Smoothed round-trip time, over the sessions that there are.",
            by: "statistic",
            [
                .value("minimum") { $0.smoothedRoundTrips.first }, .value("median") { $0.smoothedRoundTrips.median },
                .value("maximum") { $0.smoothedRoundTrips.last },
            ]),
        .gauges(
            "kcptun_minimum_rtt_seconds", "Smallest round-trip time that each session has measured, over the sessions.",
            by: "statistic",
            [
                .value("minimum") { $0.minimumRoundTrips.first }, .value("median") { $0.minimumRoundTrips.median },
                .value("maximum") { $0.minimumRoundTrips.last },
            ]),
    ]
}
