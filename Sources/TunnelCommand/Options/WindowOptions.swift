import ArgumentParser

/// The defaults in which the two programs differ.
package protocol WindowDefaults: Sendable {
    /// In segments.
    static var sendWindow: Int { get }
    /// In segments.
    static var receiveWindow: Int { get }
    static var closeWaitSeconds: Int { get }
}

/// The options that both programs have with different defaults.
package struct WindowOptions<Defaults: WindowDefaults>: ParsableArguments {
    @Option(
        name: .customLong("sndwnd"), parsing: .unconditional,
        help: .init("Datagrams under way at most.", valueName: "count"))
    package var sendWindow = Defaults.sendWindow

    @Option(
        name: .customLong("rcvwnd"), parsing: .unconditional,
        help: .init("Datagrams that the other end may have under way at most.", valueName: "count"))
    package var receiveWindow = Defaults.receiveWindow

    @Option(
        name: .customLong("closewait"), parsing: .unconditional,
        help: .init("How long a connection stays when one of its two ends has finished.", valueName: "seconds"))
    package var closeWaitSeconds = Defaults.closeWaitSeconds

    package init() {}
}
