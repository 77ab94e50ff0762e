import Smux
import TunnelCore
import TunnelRuntime

extension MetricsTable {
    static let sessions: [Metric] = [
        .gauge("kcptun_current_sessions", "Sessions that exist.", original: "CurrEstab") {
            Double($0.snapshot.totals.sessionCount)
        },
        .gauge("kcptun_peak_sessions", "The most that there were at one time.", original: "MaxConn") {
            Double($0.snapshot.totals.mostSessions)
        },
        .gauges(
            "kcptun_sessions",
            "Sessions by state: being made, taking new streams, or getting none and finishing their own (expired, "
                + "settings changed, silent or refused, or a better server answers).", by: "state",
            [.value("connecting") { Double($0.snapshot.connectingCount) }]
                + SessionState.allCases.map { state in .value(state.rawValue) { $0.sessionCount(state) } }),
        .counters(
            "kcptun_started_sessions_total", "Sessions that began: opened by us, or accepted from clients.",
            by: "side",
            [
                .count("opened", original: "ActiveOpens") { $0.ingress.sessionsOpened },
                .count("accepted", original: "PassiveOpens") { $0.ingress.sessionsAccepted },
            ]),
        .gauges(
            "kcptun_streams", "Streams by the state of their local connection.", by: "state",
            StreamStage.allCases.map { stage in .value(stage.rawValue) { Double($0.streams[stage]) } }),
        .counters(
            "kcptun_started_streams_total", "Streams that began: opened by us, or by the peer.", by: "side",
            [
                .count("opened") { $0.sessions.multiplexer.openedStreamCount },
                .count("accepted") { $0.sessions.multiplexer.acceptedStreamCount },
            ]),
        .counter(
            "kcptun_refused_streams_total",
            "Streams of peers that were refused: beyond the limit of one session, or opened by a server."
        ) {
            $0.sessions.multiplexer.refusedStreamCount
        },
        .counter("kcptun_aborted_streams_total", "Streams that the peer cut off in both directions.") {
            $0.sessions.multiplexer.abortedStreamCount
        },
        .counters(
            "kcptun_frames_total", "Frames of the multiplexer.", by: "direction",
            [
                .count("sent") { $0.sessions.multiplexer.sentFrameCount },
                .count("received") { $0.sessions.multiplexer.receivedFrameCount },
            ]),
        .counters(
            "kcptun_keepalive_frames_total", "Frames that only show that the peer is there.", by: "direction",
            [
                .count("sent") { $0.sessions.multiplexer.sentKeepAliveCount },
                .count("received") { $0.sessions.multiplexer.receivedKeepAliveCount },
            ]),
    ]
}
