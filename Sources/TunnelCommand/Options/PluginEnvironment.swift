package import TunnelCore

/// What a shadowsocks program tells the plugin that it starts (SIP003): between which two addresses the tunnel is to
/// be, and the operator's options for it.
///
/// The two are named from the client's point of view and mean the same at both ends of the tunnel: local is where
/// the shadowsocks program beside us is found, remote where the two plugins meet.
package struct PluginEnvironment: Hashable, Sendable {
    /// The variables of SIP003.
    package enum Variable: String, CaseIterable, Sendable {
        case remoteHost = "SS_REMOTE_HOST"
        case remotePort = "SS_REMOTE_PORT"
        case localHost = "SS_LOCAL_HOST"
        case localPort = "SS_LOCAL_PORT"
        case options = "SS_PLUGIN_OPTIONS"
    }

    private let remote: PluginAddress
    private let local: PluginAddress
    /// The operator's.
    package let options: PluginOptions

    /// Whether any of the variables is set: then a shadowsocks program has started this one.
    package static func isSet(in environment: [String: String]) -> Bool {
        Variable.allCases.contains { environment[$0.rawValue] != nil }
    }

    /// Reads the variables; `nil` if none is set.
    package init?(_ environment: [String: String]) throws(PluginEnvironmentError) {
        guard Self.isSet(in: environment) else { return nil }
        self.remote = try PluginAddress(host: .remoteHost, port: .remotePort, in: environment)
        self.local = try PluginAddress(host: .localHost, port: .localPort, in: environment)
        self.options = try PluginOptions(environment[Variable.options.rawValue] ?? "")
    }

    /// What it means for a program's flags: the addresses, and then the options, which count more.
    package func settings(_ role: TunnelRole, _ table: FlagTable) throws(PluginEnvironmentError) -> [FlagSetting] {
        var settings = [
            Self.address(role.localFlag, try self.local.text(role, listening: false), table),
            Self.address(role.remoteFlag, try self.remote.text(role, listening: role == .server), table),
        ]
        for option in self.options.options {
            if let setting = try Self.setting(option, role, table) { settings.append(setting) }
        }
        return settings
    }

    private static func address(_ name: String, _ text: String, _ table: FlagTable) -> FlagSetting {
        guard let flag = table[name] else { preconditionFailure("every program has its two addresses") }
        return FlagSetting(flag: flag, value: .text(text))
    }

    /// What an option sets; `nil` for the word that has told the role.
    private static func setting(
        _ option: PluginOptions.Option, _ role: TunnelRole, _ table: FlagTable
    ) throws(PluginEnvironmentError) -> FlagSetting? {
        if option == PluginOptions.server {
            guard role == .server else { throw .serverAskedOfClient }
            return nil
        }
        guard let flag = table[option.name], flag != .help, flag != .version else { throw .unknownOption(option.name) }
        guard flag.name != role.localFlag else { throw .addressIsGiven(option.name) }
        guard let value = option.value ?? (flag.kind == .boolean ? "true" : nil) else {
            throw .option(.missingValue(flag: option.name))
        }
        do {
            return try flag.setting(value, name: option.name)
        } catch {
            throw .option(error)
        }
    }
}

extension TunnelRole {
    /// The flag with the address of the shadowsocks program beside us: it connects to a client and waits behind a server.
    fileprivate var localFlag: String { self == .client ? "localaddr" : "target" }
    /// The flag with the address where client and server of the tunnel meet.
    fileprivate var remoteFlag: String { self == .client ? "remoteaddr" : "listen" }
}
