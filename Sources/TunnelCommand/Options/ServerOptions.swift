package import ArgumentParser
package import TunnelCore

/// The server's options, with the names and defaults of protocol 06 §2.
package struct ServerOptions: TunnelOptions {
    @OptionGroup(title: "Addresses") package var addresses: ServerAddressOptions
    @OptionGroup package var shared: SharedOptions
    @OptionGroup(title: "Link") package var windows: WindowOptions<ServerDefaults>
    @OptionGroup(title: "Connections") package var closing: ClosingOptions<ServerDefaults>

    package static let role = TunnelRole.server
    package static let programName = "kcptun-server"
    package static let abstract = "Passes connections from kcptun clients on to a target."

    package init() {}
}

/// The two ends of a server.
package struct ServerAddressOptions: ParsableArguments {
    @Option(
        name: [.customLong("listen"), .customShort("l")], parsing: .unconditional,
        help: .init(
            "Where clients connect to: host:port, or host:low-high for a range of ports.", valueName: "address"))
    package var listen = ":29900"

    @Option(
        name: [.customLong("target"), .customShort("t")], parsing: .unconditional,
        help: .init(
            "Where connections are passed on to: host:port, or the path of a Unix socket.", valueName: "address"))
    package var target = "127.0.0.1:12948"

    package init() {}
}

/// The server's side of what differs between the programs.
package enum ServerDefaults: ProgramDefaults {
    package static let sendWindow = 1024
    package static let receiveWindow = 1024
    package static let closeWaitSeconds = 30
}
