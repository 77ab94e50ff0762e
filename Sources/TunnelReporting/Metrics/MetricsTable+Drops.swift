import DatagramIO
import ErasureCoding
import KCP
import Smux
import TunnelCore
import TunnelRuntime

extension MetricsTable {
    static let drops: [Metric] = [
        .counters(
            "kcptun_dropped_datagrams_total",
            "Received datagrams that were thrown away: too_short or failing the checksum (another key or cipher, or not "
                + "kcptun), replayed (copies of what had come before, recorded by somebody or doubled by the network), "
                + "of an unknown_session, malformed inside, malformed_fec, oversize, unplaced, as they "
                + "came in absurdly small pieces, or no_tcp, which are none that --tcp sends.",
            by: "reason",
            [
                .count("too_short") { $0.ingress.tooShort },
                .count("checksum", original: "InCsumErrors") { $0.ingress.failedChecksum },
                .count("replayed") { $0.ingress.replayedDatagrams },
                .count("unknown_session", original: "InErrs") { $0.ingress.refusedPackets },
                .count("malformed", original: "KCPInErrors") { $0.sessions.session.malformedPackets },
                .count("malformed_fec") { $0.sessions.parityDecoder.malformedPackets },
                .count("oversize") { $0.socket.oversizeDatagrams },
                .count("unplaced") { $0.socket.unplacedDatagrams },
                .count("no_tcp") { $0.socket.malformedSegments },
            ]),
        .counter(
            "kcptun_receive_queue_overflows_total",
            "Messages that the kernel lost as the receive buffer was full (Linux): raise --sockbuf and net.core.rmem_max."
        ) { $0.socket.receiveQueueOverflows },
        .counter(
            "kcptun_turned_away_messages_total",
            "Messages that the kernel dropped for us (Linux), as who sent them had flooded a server's port with junk."
        ) { $0.socket.turnedAwayMessages },
        .counters("kcptun_unsent_datagrams_total", "Datagrams that the system refused to send.", by: "error") {
            $0.socket.droppedDatagrams.byText
        },
        .counters(
            "kcptun_receive_errors_total", "Errors of reading: mostly what the network said about earlier datagrams.",
            by: "error"
        ) { $0.socket.receiveErrors.byText },
        .counter("kcptun_segments_beyond_window_total", "Data segments beyond the receive window, ignored.") {
            $0.sessions.conversation.segmentsBeyondWindow
        },
        .counters(
            "kcptun_fec_ignored_packets_total",
            "FEC packets without effect: they were there already, or came too late.",
            by: "reason",
            [
                .count("repeated") { $0.sessions.parityDecoder.repeatedPackets },
                .count("late") { $0.sessions.parityDecoder.stalePackets },
            ]),
        .counter("kcptun_out_of_band_packets_total", "Packets beside KCP, ignored.", original: "OOBPackets") {
            $0.sessions.session.outOfBandPackets
        },
        .counter("kcptun_discarded_stream_bytes_total", "Received bytes for connections that were gone.") {
            $0.sessions.multiplexer.discardedByteCount
        },
    ]
}

extension [Int32: UInt64] {
    /// The system's words for the error numbers, in a steady order.
    var byText: [(labelValue: String, count: UInt64)] {
        self.sorted { $0.key < $1.key }.map { (SystemError.text(of: $0.key), $0.value) }
    }
}
