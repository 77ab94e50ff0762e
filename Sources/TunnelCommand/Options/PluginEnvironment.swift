import DatagramIO
import PacketPrimitives
package import TunnelCore
import TunnelRuntime

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

    /// The two hosts may be lists with `|` between their members, if shadowsocks has more than one server address.
    private let hosts: [Variable: String]
    private let ports: [Variable: Int]
    package let options: PluginOptions

    /// Whether any of the variables is set: then a shadowsocks program has started this one.
    package static func isSet(in environment: [String: String]) -> Bool {
        Variable.allCases.contains { environment[$0.rawValue] != nil }
    }

    /// Reads the variables; `nil` if none is set.
    package init?(_ environment: [String: String]) throws(PluginEnvironmentError) {
        guard Self.isSet(in: environment) else { return nil }
        var hosts: [Variable: String] = [:]
        var ports: [Variable: Int] = [:]
        for variable in [Variable.remoteHost, .localHost] {
            guard let host = environment[variable.rawValue], !host.isEmpty else { throw .missing(variable) }
            hosts[variable] = host
        }
        for variable in [Variable.remotePort, .localPort] {
            guard let text = environment[variable.rawValue], !text.isEmpty else { throw .missing(variable) }
            guard let port = UInt16(text), port > 0 else { throw .invalidPort(variable, text) }
            ports[variable] = Int(port)
        }
        self.hosts = hosts
        self.ports = ports
        self.options = try PluginOptions(environment[Variable.options.rawValue] ?? "")
    }

    /// What it means for a program's flags: the addresses, and then the options, which count more.
    package func settings(_ role: TunnelRole, _ table: FlagTable) throws(PluginEnvironmentError) -> [FlagSetting] {
        let local = try Self.address(self.host(.localHost, role), self.ports[.localPort], for: role.localFlag, table)
        let remote = try Self.address(
            self.host(.remoteHost, role), self.ports[.remotePort], for: role.remoteFlag, table)
        var settings = [local, remote]
        for option in self.options.options {
            if let setting = try Self.setting(option, role, table) { settings.append(setting) }
        }
        return settings
    }

    private static func address(
        _ host: String, _ port: Int?, for flag: String, _ table: FlagTable
    ) throws(PluginEnvironmentError) -> FlagSetting {
        guard let flag = table[flag], let port else { preconditionFailure("every program has its two addresses") }
        return FlagSetting(flag: flag, value: .text(StreamAddress.tcp(host: host, port: port).description))
    }

    /// The host to use. A server that is to listen on several addresses can do so if one of them stands for all.
    private func host(_ variable: Variable, _ role: TunnelRole) throws(PluginEnvironmentError) -> String {
        let hosts = (self.hosts[variable] ?? "").split(separator: "|").map { Self.withoutBrackets(String($0)) }
        if hosts.count == 1 { return hosts[0] }
        guard role == .server, variable == .remoteHost, hosts.contains(where: Self.isWildcard) else {
            throw .severalHosts(variable, hosts, role)
        }
        return ""
    }

    private static func withoutBrackets(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    private static func isWildcard(_ host: String) -> Bool {
        PeerAddress(numericHost: host, port: 0).map { $0.high == 0 && $0.low == 0 } ?? false
    }

    /// What an option sets; `nil` for the word that has told the role.
    private static func setting(
        _ option: PluginOptions.Option, _ role: TunnelRole, _ table: FlagTable
    ) throws(PluginEnvironmentError) -> FlagSetting? {
        if option == PluginOptions.Option(name: PluginOptions.serverWord, value: nil) {
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
