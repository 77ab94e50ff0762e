import ArgumentParser

/// How datagrams are sent over the network.
package struct LinkOptions: ParsableArguments {
    @Option(
        name: .customLong("mode"), parsing: .unconditional,
        help: .init(
            """
            How eagerly lost data is sent again with --cc off; otherwise only how soon a Go program at the other end gets \
            its acknowledgements. One of \(NoDelayParameters.modeList), which takes the hidden flags nodelay, interval, \
            resend and nc.
            """,
            valueName: "mode"), completion: .list(NoDelayParameters.modeNames))
    package var mode = "fast"

    @Option(
        name: .customLong("cc"), parsing: .unconditional,
        help: .init(
            """
            What decides when to send: auto for a model of the path, off for the original's rules, fixed:N for \
            N Mbit/s whatever gets lost.
            """,
            valueName: "rules"), completion: .list(["auto", "off"]))
    package var sendingRules = "auto"

    @Option(
        name: .customLong("mtu"), parsing: .unconditional,
        help: .init("The largest datagram to send.", valueName: "bytes"))
    package var mtu = 1350

    @Option(
        name: .customLong("ratelimit"), parsing: .unconditional,
        help: .init(
            """
            Send at most this much per second and session; 0 for no limit. A client has up to three sessions for each of \
            --conn, with --cc off one.
            """,
            valueName: "bytes"))
    package var rateLimit = 0

    @Option(
        name: [.customLong("datashard"), .customLong("ds", withSingleDash: true)], parsing: .unconditional,
        help: .init(
            """
            Datagrams per group of forward error correction; 0 switches it off. If neither this nor parityshard is given, \
            parity is sent only where it helps, unless --cc is off.
            """,
            valueName: "count"))
    package var dataShards = 10

    @Option(
        name: [.customLong("parityshard"), .customLong("ps", withSingleDash: true)], parsing: .unconditional,
        help: .init(
            "Datagrams added to each group, which is how many of it may get lost. See datashard.", valueName: "count"))
    package var parityShards = 3

    @Option(
        name: .customLong("dscp"), parsing: .unconditional,
        help: .init("The service class (DSCP, 0 to 63) that datagrams are marked with.", valueName: "class"))
    package var dscp = 0

    @Option(
        name: .customLong("sockbuf"), parsing: .unconditional,
        help: .init("The kernel's buffer for each UDP socket, in each direction.", valueName: "bytes"))
    package var socketBufferByteCount = 4_194_304

    @Flag(name: .customLong("tcp"), help: "Disguise datagrams as TCP segments (Linux; needs CAP_NET_RAW).")
    package var disguisesAsTCP = false

    @Flag(
        name: .customLong("acknodelay"),
        help: .init(
            """
            Acknowledge every datagram at once. Between two programs of this project it has an effect only if one of them \
            runs with --cc off.
            """,
            visibility: .hidden))
    package var acknowledgesImmediately = false

    @Option(
        name: .customLong("nodelay"), parsing: .unconditional,
        help: .init(
            "With mode manual and --cc off: 1 for short retransmission timeouts.", valueName: "0|1",
            visibility: .hidden))
    package var noDelay = 0

    @Option(
        name: .customLong("interval"), parsing: .unconditional,
        help: .init(
            "With mode manual: time between flushes, which are for acknowledgements only unless --cc is off.",
            valueName: "ms", visibility: .hidden))
    package var interval = 50

    @Option(
        name: .customLong("resend"), parsing: .unconditional,
        help: .init(
            """
            With mode manual and --cc off: skipped acknowledgements that make a segment count as lost; 0 for never.
            """,
            valueName: "count", visibility: .hidden))
    package var resend = 0

    @Option(
        name: .customLong("nc"), parsing: .unconditional,
        help: .init(
            "With mode manual and --cc off: 1 for no congestion control.", valueName: "0|1", visibility: .hidden))
    package var noCongestionControl = 0

    package init() {}
}
