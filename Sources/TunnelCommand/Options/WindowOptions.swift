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
        help: .init("Datagrams under way at most.", valueName: "count"))
    package var sendWindow = Defaults.sendWindow

    @Option(
        name: .customLong("rcvwnd"), parsing: .unconditional,
        help: .init("Datagrams that the other end may have under way at most.", valueName: "count"))
    package var receiveWindow = Defaults.receiveWindow

    package init() {}
}

/// How connections end; the programs have different defaults.
package struct ClosingOptions<Defaults: ProgramDefaults>: ParsableArguments {
    @Option(
        name: .customLong("closewait"), parsing: .unconditional,
        help: .init("How long a connection stays when one of its two ends has finished.", valueName: "seconds"))
    package var closeWaitSeconds = Defaults.closeWaitSeconds

    package init() {}
}
