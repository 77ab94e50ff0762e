import DatagramIO
import KCP
import Smux
import TunnelCore

extension MetricsTable {
    static let traffic: [Metric] = [
        .counters(
            "kcptun_stream_payload_bytes_total", "Bytes of the connections that were carried, uncompressed.",
            by: "direction",
            [
                .count("sent") { $0.sessions.multiplexer.sentPayloadByteCount },
                .count("received") { $0.sessions.multiplexer.receivedPayloadByteCount },
            ]),
        .counters(
            "kcptun_conversation_bytes_total",
            "Bytes that KCP carried in order: frames of the multiplexer, compressed if that is on.",
            by: "direction",
            [
                .count("sent", original: "BytesSent") { $0.sessions.conversation.writtenBytes },
                .count("received", original: "BytesReceived") { $0.sessions.conversation.deliveredBytes },
            ]),
        .counters(
            "kcptun_session_datagrams_total",
            "Datagrams of sessions: those handed out for sending, and received ones that were genuine.",
            by: "direction",
            [
                .count("sent", original: "OutPkts") { $0.sessions.session.datagramsSent },
                .count("received", original: "InPkts") { $0.sessions.session.packetsReceived },
            ]),
        .counters(
            "kcptun_session_datagram_bytes_total",
            "Bytes in the datagrams of sessions: sent ones with the cipher's envelope, received ones without it.",
            by: "direction",
            [
                .count("sent", original: "OutBytes") { $0.sessions.session.bytesSent },
                .count("received", original: "InBytes") { $0.sessions.session.bytesReceived },
            ]),
        .counters(
            "kcptun_sent_wire_bytes_total",
            "What the UDP payload that was sent is made of: payload is content sent for the first time; retransmission, "
                + "acknowledgement and parity come with their headers; header is the rest.",
            by: "kind",
            [
                .count("payload") { $0.sessions.wire.payload },
                .count("header") { $0.sessions.wire.header },
                .count("parity") { $0.sessions.wire.parity },
                .count("retransmission") { $0.sessions.wire.retransmission },
                .count("acknowledgement") { $0.sessions.wire.acknowledgement },
            ]),
        .counter("kcptun_received_wire_bytes_total", "UDP payload of genuine datagrams, with the cipher's envelope.") {
            $0.sessions.wire.received
        },
        .gauges(
            "kcptun_goodput_ratio",
            "Bytes of connections per byte of UDP payload since the start; above 1 where compression pays.",
            by: "direction",
            [
                .value("sent") { input in
                    Self.ratio(input.sessions.multiplexer.sentPayloadByteCount, to: input.sessions.wire.sent)
                },
                .value("received") { input in
                    Self.ratio(input.sessions.multiplexer.receivedPayloadByteCount, to: input.sessions.wire.received)
                },
            ]),
        .counters(
            "kcptun_socket_datagrams_total", "Datagrams that the UDP sockets moved.", by: "direction",
            [
                .count("sent") { $0.socket.sentDatagrams }, .count("received") { $0.socket.receivedDatagrams },
            ]),
        .counters(
            "kcptun_socket_messages_total", "Messages that they were moved as: a train of datagrams is one (GSO, GRO).",
            by: "direction",
            [
                .count("sent") { $0.socket.sentMessages }, .count("received") { $0.socket.receivedMessages },
            ]),
        .counters(
            "kcptun_socket_calls_total", "System calls that moved them.", by: "direction",
            [
                .count("sent") { $0.socket.sendCalls }, .count("received") { $0.socket.receiveCalls },
            ]),
    ]

    private static func ratio(_ part: UInt64, to whole: UInt64) -> Double? {
        whole == 0 ? nil : Double(part) / Double(whole)
    }
}
