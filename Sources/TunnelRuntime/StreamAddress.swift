/// Where applications connect to a client (`localaddr`), or what a server passes connections on to (`target`): a TCP
/// address if the operator's text is `host:port`, otherwise the path of a Unix socket (protocol 06 §4).
package enum StreamAddress: Hashable, Sendable {
    /// A name or number and a port; an empty host means all addresses (listening) or this machine (connecting). An
    /// IPv6 address is without its brackets.
    case tcp(host: String, port: Int)
    /// A Unix socket.
    case unix(path: String)

    package init(_ text: String) throws(AddressFormatError) {
        guard !text.isEmpty else { throw .empty }
        guard let (host, port) = HostPort.split(text) else {
            self = .unix(path: text)
            return
        }
        guard let number = Self.portNumber(port) else { throw .invalidPort(port, address: text) }
        self = .tcp(host: host, port: Int(number))
    }

    package var isUnix: Bool {
        if case .unix = self { true } else { false }
    }

    /// An empty port is 0, which lets the system choose.
    private static func portNumber(_ text: String) -> UInt16? {
        if text.isEmpty { return 0 }
        return text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ? UInt16(text) : nil
    }
}

extension StreamAddress: CustomStringConvertible {
    /// As the operator writes it.
    package var description: String {
        switch self {
        case .tcp(let host, let port): HostPort.text(host: host, port: port)
        case .unix(let path): path
        }
    }
}
