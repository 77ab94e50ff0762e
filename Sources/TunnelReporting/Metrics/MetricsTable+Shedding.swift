import TunnelRuntime

extension MetricsTable {
    /// What a server does about sources that it cannot trust, and clients that change their address.
    static let shedding: [Metric] = [
        .counter(
            "kcptun_challenged_sessions_total",
            "Sources asked to prove their address before they got a session (-crypt none and null, which anybody can forge)."
        ) { $0.ingress.shedding.challengedSources },
        .counters(
            "kcptun_shed_sessions_total",
            "Beginnings of sessions that came to nothing: unproven sources did not answer, displaced ones had to make room, "
                + "hasty packets came from a network that begins too many sessions at once, "
                + "replayed ones would have begun a conversation again that is over; silent sessions showed no "
                + "valid frame in 5 s, displaced_session ones had to make room before they did.",
            by: "reason",
            [
                .count("unproven") { $0.ingress.shedding.unprovenSources },
                .count("displaced") { $0.ingress.shedding.displacedSources },
                .count("hasty") { $0.ingress.shedding.hastyPackets },
                .count("replayed") { $0.ingress.shedding.replayedPackets },
                .count("silent") { $0.ingress.shedding.silentSessions },
                .count("displaced_session") { $0.ingress.shedding.displacedSessions },
            ]),
        .counter(
            "kcptun_disclaimed_packets_total",
            "Packets of sessions that are not there, as after a restart; their senders were told so."
        ) { $0.ingress.shedding.disclaimedPackets },
        .counter("kcptun_moved_sessions_total", "Sessions followed to another address of their client.") {
            $0.ingress.shedding.movedSessions
        },
        .counter(
            "kcptun_unconfirmed_address_changes_total",
            "Addresses that sent packets of a session of another address, and did not answer when asked."
        ) { $0.ingress.shedding.unansweredMoves },
        .counter(
            "kcptun_handed_over_packets_total",
            "Packets that the kernel gave to another event loop than the one that has their session."
        ) { $0.ingress.shedding.handedOverPackets },
    ]
}
