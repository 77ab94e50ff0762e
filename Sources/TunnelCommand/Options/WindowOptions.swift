import ArgumentParser

/// The defaults in which the two programs differ.
package protocol ProgramDefaults: Sendable {
    /// In segments.
    static var sendWindow: Int { get }
    /// In segments.
    static var receiveWindow: Int { get }
    static var closeWaitSeconds: Int { get }
}

/// How much may be under way; the programs have different defaults.
package struct WindowOptions<Defaults: ProgramDefaults>: ParsableArguments {
    @Option(
        name: .customLong("sndwnd"), parsing: .unconditional,
        help: .init(
            "Datagrams under way at most. If it is not given, --cc decides, unless that is off.",
            valueName: "count"))
    package var sendWindow = Defaults.sendWindow

    @Option(
        name: .customLong("rcvwnd"), parsing: .unconditional,
        help: .init(
            """
            Datagrams that the other end may have under way at most. If it is not given, that is 32768 for programs of \
            this project, unless --cc is off at an end.
            """,
            valueName: "count"))
    package var receiveWindow = Defaults.receiveWindow

    package init() {}
}

/// How connections end; the programs have different defaults.
package struct ClosingOptions<Defaults: ProgramDefaults>: ParsableArguments {
    @Option(
        name: .customLong("closewait"), parsing: .unconditional,
        help: .init(
            """
            How long a half-closed connection may rest before it is closed (30 at least; an hour where the other end \
            is of this project), and, if set, how long the program may take to leave (5 at least).
            """,
            valueName: "seconds"))
    package var closeWaitSeconds = Defaults.closeWaitSeconds

    package init() {}
}
