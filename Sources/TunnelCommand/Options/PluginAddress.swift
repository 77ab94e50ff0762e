import DatagramIO
import PacketPrimitives
import TunnelCore
import TunnelRuntime

/// One of the two addresses that a shadowsocks program gives its plugin.
struct PluginAddress: Hashable, Sendable {
    private let hostVariable: PluginEnvironment.Variable
    /// More than one if shadowsocks has more than one server address; `|` is between them.
    private let hosts: [String]
    private let port: Int

    init(
        host hostVariable: PluginEnvironment.Variable, port portVariable: PluginEnvironment.Variable,
        in environment: [String: String]
    ) throws(PluginEnvironmentError) {
        self.hostVariable = hostVariable
        self.hosts = (environment[hostVariable.rawValue] ?? "").split(separator: "|").map(Self.withoutBrackets)
        guard !self.hosts.isEmpty else { throw .missing(hostVariable) }
        guard let text = environment[portVariable.rawValue], !text.isEmpty else { throw .missing(portVariable) }
        guard let port = UInt16(text), port > 0 else { throw .invalidPort(portVariable, text) }
        self.port = Int(port)
    }

    /// The address as a flag takes it. A server that is to listen on several hosts can do so if one of them stands for
    /// all; whoever connects can do so to one only.
    func text(_ role: TunnelRole, listening: Bool) throws(PluginEnvironmentError) -> String {
        if self.hosts.count == 1 { return StreamAddress.tcp(host: self.hosts[0], port: self.port).description }
        guard listening, self.hosts.contains(where: Self.isWildcard) else {
            throw .severalHosts(self.hostVariable, self.hosts, role)
        }
        return StreamAddress.tcp(host: "", port: self.port).description
    }

    private static func withoutBrackets(_ host: Substring) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host)
    }

    private static func isWildcard(_ host: String) -> Bool {
        PeerAddress(numericHost: host, port: 0).map { $0.high == 0 && $0.low == 0 } ?? false
    }
}
