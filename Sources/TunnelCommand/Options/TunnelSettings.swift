package import TunnelCore
package import TunnelRuntime

/// A program's options, checked.
package protocol TunnelSettings: Sendable {
    associatedtype Options: TunnelOptions
    /// With the values that are really used.
    var options: Options { get }
    var noDelay: NoDelayParameters { get }
    var warnings: [ConfigurationWarning] { get }
    /// What the operator has left to the program.
    var automatic: AutomaticSettings { get }
}

/// A client's options, checked, with what has been read out of them.
package struct ClientSettings: TunnelSettings {
    /// With the values that are really used.
    package var options: ClientOptions
    /// Where applications connect to.
    package var listenAddress: StreamAddress
    /// The servers, best first; at least one.
    package var serverAddresses: [PortRange]
    package var noDelay: NoDelayParameters
    package var warnings: [ConfigurationWarning]
    package var automatic: AutomaticSettings

    /// Refuses options that cannot work, with everything that is wrong with them.
    /// - Parameter given: the flags that the operator has set, wherever.
    package init(_ options: ClientOptions, given: Set<String> = []) throws(ConfigurationError) {
        var options = options
        var check = OptionCheck()
        let listenAddress = check.address("localaddr") { () throws(AddressFormatError) in
            try StreamAddress(options.addresses.local)
        }
        let serverAddresses = check.address("remoteaddr") { () throws(AddressFormatError) in
            try PortRange.list(options.addresses.remote)
        }
        check.require("conn", options.sessions.count, in: OptionCheck.connectionCounts)
        check.check(&options)
        check.check(&options.sessions)
        if let only = serverAddresses?.first, serverAddresses?.count == 1, options.addresses.remote.contains(",") {
            check.add(.remoteListIgnored("\(only)"))
        }
        guard check.problems.isEmpty, let listenAddress, let serverAddresses,
            let noDelay = NoDelayParameters(options.shared.link)
        else { throw ConfigurationError(problems: check.problems) }
        self.options = options
        self.listenAddress = listenAddress
        self.serverAddresses = serverAddresses
        self.noDelay = noDelay
        self.warnings = check.warnings
        self.automatic = AutomaticSettings(given: given)
    }
}

/// A server's options, checked, with what has been read out of them.
package struct ServerSettings: TunnelSettings {
    /// With the values that are really used.
    package var options: ServerOptions
    /// Where clients connect to.
    package var listenAddress: PortRange
    /// Where connections are passed on to.
    package var targetAddress: StreamAddress
    package var noDelay: NoDelayParameters
    package var warnings: [ConfigurationWarning]
    package var automatic: AutomaticSettings

    /// Refuses options that cannot work, with everything that is wrong with them.
    /// - Parameter given: the flags that the operator has set, wherever.
    package init(_ options: ServerOptions, given: Set<String> = []) throws(ConfigurationError) {
        var options = options
        var check = OptionCheck()
        let listenAddress = check.address("listen") { () throws(AddressFormatError) in
            try PortRange(options.addresses.listen)
        }
        let targetAddress = check.address("target") { () throws(AddressFormatError) in
            try StreamAddress(options.addresses.target)
        }
        check.check(&options)
        guard check.problems.isEmpty, let listenAddress, let targetAddress,
            let noDelay = NoDelayParameters(options.shared.link)
        else { throw ConfigurationError(problems: check.problems) }
        self.options = options
        self.listenAddress = listenAddress
        self.targetAddress = targetAddress
        self.noDelay = noDelay
        self.warnings = check.warnings
        self.automatic = AutomaticSettings(given: given)
    }
}
