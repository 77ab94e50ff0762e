/// A host and a TCP or UDP port.
package struct HostPort: Hashable, Sendable, CustomStringConvertible {
    /// A name or an IP address; an IPv6 address without its brackets. May be empty.
    package var host: String
    package var port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    package var description: String {
        self.host.utf8.contains(UInt8(ascii: ":")) ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }

    /// The host without the brackets of an IPv6 address.
    static func withoutBrackets(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    /// Cuts a text in host and port as Go's `net.SplitHostPort` does; `nil` where that fails.
    static func split(_ text: String) -> (host: String, port: String)? {
        let bytes = text.utf8
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let front = text[..<colon]
        let port = text[bytes.index(after: colon)...]
        let isBracketed = front.hasPrefix("[") && front.hasSuffix("]") && front.utf8.count > 1
        let host = isBracketed ? front.dropFirst().dropLast() : front
        let brackets = [UInt8(ascii: "["), UInt8(ascii: "]")]
        guard !host.utf8.contains(where: brackets.contains), !port.utf8.contains(where: brackets.contains),
            isBracketed || !host.utf8.contains(UInt8(ascii: ":"))
        else { return nil }
        return (String(host), String(port))
    }
}

/// Where applications connect to a client (`localaddr`), or what a server passes connections on to (`target`): a TCP
/// address if the text is `host:port`, otherwise the path of a Unix socket (protocol 06 §4).
package enum StreamEndpoint: Hashable, Sendable, CustomStringConvertible {
    case tcp(HostPort)
    case unix(path: String)

    package init(_ text: String) throws(AddressError) {
        guard !text.isEmpty else { throw .empty }
        guard let (host, port) = HostPort.split(text) else {
            self = .unix(path: text)
            return
        }
        guard let number = Self.portNumber(port) else { throw .invalidPort(port, address: text) }
        self = .tcp(HostPort(host: host, port: number))
    }

    package var isUnix: Bool {
        if case .unix = self { true } else { false }
    }

    /// An empty port is 0, which lets the system choose.
    private static func portNumber(_ text: String) -> UInt16? {
        if text.isEmpty { return 0 }
        return text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ? UInt16(text) : nil
    }

    package var description: String {
        switch self {
        case .tcp(let address): address.description
        case .unix(let path): path
        }
    }
}
