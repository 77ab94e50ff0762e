import ErasureCoding
import TunnelCore

extension MetricsTable {
    static let errorCorrection: [Metric] = [
        .counters(
            "kcptun_fec_sent_groups_total",
            "Groups of packets that were sent: with parity, or without, as it does not pay (-cc) or the group was slow "
                + "to fill.",
            by: "parity",
            [
                .count("added") { $0.sessions.parityEncoder.protectedGroups },
                .count("left_out") { $0.sessions.parityEncoder.skippedGroups },
            ]),
        .counter("kcptun_fec_sent_parity_packets_total", "Parity packets sent.") {
            $0.sessions.parityEncoder.parityPackets
        },
        .counter(
            "kcptun_fec_received_parity_packets_total", "Parity packets received.", original: "FECParityShards"
        ) { $0.sessions.parityDecoder.parityPackets },
        .counter(
            "kcptun_fec_useless_parity_packets_total", "Parity packets of groups that lacked nothing any more."
        ) { $0.sessions.parityDecoder.unusedParityPackets },
        .counters(
            "kcptun_fec_received_groups_total",
            "Received groups: whole as they came, completed with parity, or given up with packets missing.",
            by: "outcome",
            [
                .count("whole", original: "FECFullShardSet") { $0.sessions.parityDecoder.fullGroups },
                .count("recovered") { $0.sessions.parityDecoder.recoveredGroups },
                .count("incomplete") { $0.sessions.parityDecoder.incompleteGroups },
            ]),
        .counter(
            "kcptun_fec_recovered_packets_total", "Lost packets rebuilt from parity.", original: "FECRecovered"
        ) { $0.sessions.parityDecoder.recoveredPackets },
        .counter("kcptun_fec_errors_total", "Rebuilt packets that made no sense.", original: "FECErrs") {
            $0.sessions.parityDecoder.errors
        },
        .counter("kcptun_fec_ratio_changes_total", "How often peers turned out to use other FEC numbers.") {
            $0.sessions.parityDecoder.ratioChanges
        },
        .gauge("kcptun_fec_live_groups", "Received groups that may still be completed.", original: "FECShardSet") {
            Double($0.sessions.parityDecoder.liveGroups)
        },
        .gauge(
            "kcptun_fec_newest_group", "Number of the newest received group, the greatest of all sessions.",
            original: "FECShardMin"
        ) { Double($0.sessions.parityDecoder.newestGroup) },
    ]
}
