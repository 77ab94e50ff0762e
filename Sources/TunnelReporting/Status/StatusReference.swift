/// What the keys of `status.json` mean, for `docs/metrics.md`.
package enum StatusReference {
    package static let document: KeyValuePairs = [
        "program": "`kcptun-client` or `kcptun-server`",
        "version": "its version",
        "startTime": "when it was started, seconds since 1970",
        "clock":
            "when the figures were taken, on a clock that only goes forward: speeds are differences of counters by "
            + "differences of this",
        "findings":
            "what is wrong, the worst first: `severity` (`problem` or `notice`), `session` (its `name`; absent if "
            + "it is about the program), `text`, `advice`",
        "totals": "all sessions together, ended ones included; see Traffic",
        "sessions": "one entry for each; of more than 500 those that were heard of last",
        "omittedSessions": "how many are left out",
        "metrics": "the value of each series above, but for histograms",
    ]

    package static let session: KeyValuePairs = [
        "id": "tells the session from all others, also in later documents",
        "name": "as people tell it from others: the peer, and on a client the local port",
        "peer, local": "the two UDP addresses",
        "conversation": "the conversation id of KCP",
        "state":
            "`established`, or `expiring`: gets no new streams (expired, settings changed, silent or refused, or a "
            + "better server answers) and finishes its own",
        "age": "seconds",
        "silence": "seconds since the last packet of the peer; absent if there was none",
        "isWaiting": "whether the peer owes an acknowledgement",
        "cipher, smuxVersion, usesCompression": "the settings",
        "sentShards, receivedShards": "packets and parity packets per FEC group, such as `10/3`; absent without parity",
        "streams": "how many are open",
        "roundTrip": "`smoothed`, `minimum`, `variation`, `timeout`, seconds; absent before the first measurement",
        "window":
            "segments: `configured` here, `peer` takes, `applied` is the least of all windows, `inFlight`, `queued` "
            + "for sending, `reordering` and `unread` at the receiving side",
        "queuedStreamBytes": "between connections and the session",
        "memoryBytes": "held by the session, roughly",
        "traffic": "see Traffic",
    ]

    package static let traffic: KeyValuePairs = [
        "sentPayloadBytes, receivedPayloadBytes": "bytes of connections",
        "sentWireBytes, receivedWireBytes": "UDP payload",
        "sentContentBytes, sentHeaderBytes, sentParityBytes, sentRetransmissionBytes, sentAcknowledgementBytes":
            "what the sent UDP payload was, as in `kcptun_sent_wire_bytes_total`",
        "sentPackets, sentPacketsLost, receivedPackets, receivedPacketsLost":
            "the estimate of loss: of these packets so many, see `kcptun_estimated_lost_packets_total`",
        "retransmittedSegments, timeouts": "segments sent again; decisions to do so as no acknowledgement came",
        "recoveredPackets, receivedParityPackets, uselessParityPackets": "FEC at the receiving side",
    ]

    static let markdown = """

        ## status.json

        \(Self.table(Self.document))
        ### Sessions

        \(Self.table(Self.session))
        ### Traffic

        Counters: speeds and shares are made of two documents.

        \(Self.table(Self.traffic))
        """

    private static func table(_ keys: KeyValuePairs<String, String>) -> String {
        let rows = keys.map { "| \(Self.code($0)) | \($1) |\n" }
        return "| key | meaning |\n|---|---|\n" + rows.joined()
    }

    private static func code(_ names: String) -> String {
        names.split(separator: ", ").map { "`\($0)`" }.joined(separator: ", ")
    }
}
