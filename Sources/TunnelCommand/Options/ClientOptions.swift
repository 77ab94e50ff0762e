package import ArgumentParser
package import TunnelCore

/// The client's options, with the names and defaults of protocol 06 §2.
package struct ClientOptions: TunnelOptions {
    @OptionGroup(title: "Addresses") package var addresses: ClientAddressOptions
    @OptionGroup(title: "Sessions") package var sessions: SessionOptions
    @OptionGroup package var shared: SharedOptions
    @OptionGroup(title: "Link") package var windows: WindowOptions<ClientDefaults>
    @OptionGroup(title: "Connections") package var closing: ClosingOptions<ClientDefaults>

    package static let role = TunnelRole.client
    package static let programName = "kcptun-client"
    package static let abstract = "Carries TCP connections over lossy links to a kcptun server."

    package init() {}
}

/// The two ends of a client.
package struct ClientAddressOptions: ParsableArguments {
    @Option(
        name: [.customLong("localaddr"), .customShort("l")], parsing: .unconditional,
        help: .init(
            "Where applications connect to: host:port, or the path of a Unix socket.", valueName: "address"))
    package var local = ":12948"

    @Option(
        name: [.customLong("remoteaddr"), .customShort("r")], parsing: .unconditional,
        help: .init(
            "The server: host:port, or host:low-high for a port chosen at random. Several, the best first: give it again, or put commas between them.",
            valueName: "address"))
    package var remote = "vps:29900"

    package init() {}
}

/// How many sessions a client has, and for how long.
package struct SessionOptions: ParsableArguments {
    @Option(
        name: .customLong("conn"), parsing: .unconditional,
        help: .init("Sessions to spread connections over.", valueName: "count"))
    package var count = 1

    @Option(
        name: .customLong("autoexpire"), parsing: .unconditional,
        help: .init("Put a new session in the place of one this old; 0 for never.", valueName: "seconds"))
    package var expirySeconds = 0

    @Option(
        name: .customLong("scavengettl"), parsing: .unconditional,
        help: .init("How long an expired session may finish its connections.", valueName: "seconds"))
    package var scavengeSeconds = 600

    package init() {}
}

/// The client's side of what differs between the programs.
package enum ClientDefaults: ProgramDefaults {
    package static let sendWindow = 128
    package static let receiveWindow = 512
    package static let closeWaitSeconds = 0
}
