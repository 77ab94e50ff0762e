import ArgumentParser

/// How connections share a session.
package struct StreamOptions: ParsableArguments {
    @Flag(
        name: .customLong("nocomp"),
        help: "Do not compress. A server of this program follows its clients, others must agree.")
    package var disablesCompression = false

    @Option(
        name: .customLong("smuxver"), parsing: .unconditional,
        help: .init(
            """
            Version of the stream multiplexing, 1 or 2. A server of this program follows its clients, others must agree; \
            programs from before November 2025 use 1 unless told otherwise.
            """,
            valueName: "version"), completion: .list(["1", "2"]))
    package var smuxVersion = 2

    @Option(
        name: .customLong("smuxbuf"), parsing: .unconditional,
        help: .init(
            "Received data that a session holds for all its connections. It grows with streambuf.", valueName: "bytes"))
    package var sessionBufferByteCount = 4_194_304

    @Option(
        name: .customLong("framesize"), parsing: .unconditional,
        help: .init("The longest piece of a connection that is sent in one go.", valueName: "bytes"))
    package var frameByteCount = 8192

    @Option(
        name: .customLong("streambuf"), parsing: .unconditional,
        help: .init(
            """
            Received data that is held for one connection (smuxver 2). If neither this nor smuxbuf is given, it grows up \
            to 16 MiB for a connection that needs it, unless --cc is off at an end.
            """,
            valueName: "bytes"))
    package var streamBufferByteCount = 2_097_152

    @Option(
        name: .customLong("keepalive"), parsing: .unconditional,
        help: .init("Time between signs of life; less than --keepalivetimeout.", valueName: "seconds"))
    package var keepAliveSeconds = 10

    @Option(
        name: .customLong("keepalivetimeout"), parsing: .unconditional,
        help: .init(
            """
            A session whose other end has been silent for one and a half times as long is closed. Connections survive \
            interruptions that are shorter; each end decides for itself.
            """, valueName: "seconds"))
    package var keepAliveTimeoutSeconds = 30

    @Flag(
        name: .customLong("strict"),
        help: "Insist on smuxver, nocomp and FEC as they are set here, instead of following the other end.")
    package var isStrict = false

    package init() {}
}
