package import TunnelCore

/// Why a program cannot be the plugin that the environment asks for.
package enum PluginEnvironmentError: OperatorError, Hashable {
    case missing(PluginEnvironment.Variable)
    case invalidPort(PluginEnvironment.Variable, String)
    /// More than the role can serve.
    case severalHosts(PluginEnvironment.Variable, [String], TunnelRole)
    case endsInBackslash
    case valueWithoutName(String)
    case unknownOption(String)
    /// An option for what shadowsocks has set.
    case addressIsGiven(String)
    case serverAskedOfClient
    /// A known option with a bad value.
    case option(UsageError)

    package var exitStatus: Int32 { ExitStatus.configuration }

    package var description: String {
        switch self {
        case .missing(let variable):
            "\(variable.rawValue) is not set, but others of the plugin variables are: a shadowsocks program sets "
                + "all four of SS_REMOTE_HOST, SS_REMOTE_PORT, SS_LOCAL_HOST and SS_LOCAL_PORT; unset them otherwise"
        case .invalidPort(let variable, let text):
            "\(variable.rawValue) is \(GoLiteral.quoted(text)): expected a port from 1 to 65535"
        case .severalHosts(let variable, let hosts, let role): Self.severalHostsText(variable, hosts, role)
        case .endsInBackslash: Self.options("the text ends in a backslash, which has nothing to escape")
        case .valueWithoutName(let value):
            Self.options("=\(value) has no name in front of the equals sign: write name=value")
        case .unknownOption(let name):
            Self.options("\(GoLiteral.quoted(name)) is no option: use the names of the flags, without dashes")
        case .addressIsGiven(let name):
            Self.options("\(name) is set by shadowsocks, which would not find the plugin anywhere else: remove it")
        case .serverAskedOfClient:
            Self.options("server: this is the client; use kcptun-server, or kcptun, which can be both")
        case .option(let error): Self.options(error.reason)
        }
    }

    private static func options(_ text: String) -> String {
        "\(PluginEnvironment.Variable.options.rawValue): \(text)"
    }

    private static func severalHostsText(
        _ variable: PluginEnvironment.Variable, _ hosts: [String], _ role: TunnelRole
    ) -> String {
        let advice =
            role == .client
            ? "a plugin connects to one server: configure one server address"
            : "a plugin listens on one address or on all: configure one of them, or 0.0.0.0 or :: for all"
        return "\(variable.rawValue) has \(hosts.count) addresses (\(hosts.joined(separator: ", "))): \(advice)"
    }
}
