/// The `remoteaddr` of a client or the `listen` of a server: a host with one port or a range of ports (protocol 06 §4).
package struct PortRange: Hashable, Sendable {
    /// A name or an IP address; an IPv6 address without its brackets. Empty for this machine (client) or all of its
    /// addresses (server).
    package var host: String
    /// Neither end is 0.
    package var ports: ClosedRange<UInt16>

    /// Reads `host:port` or `host:low-high`. Text behind the ports is ignored, and so is a missing end of the range,
    /// as in the original.
    package init(_ text: String) throws(AddressFormatError) {
        let bytes = Array(text.utf8)
        guard let colon = Self.separator(in: bytes) else { throw .malformed(text) }
        var rest = bytes[(colon + 1)...]
        let low = Self.takeNumber(from: &rest)
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let high = rest.first.map(Self.isDigit) == true ? Self.takeNumber(from: &rest) : low
        guard 1 <= low, low <= high, high <= 65535 else { throw .invalidPortRange(low: low, high: high) }
        self.host = HostPort.withoutBrackets(String(decoding: bytes[..<colon], as: UTF8.self))
        self.ports = UInt16(low)...UInt16(high)
    }

    /// The address with one of the ports, as it is logged.
    package func text(port: UInt16) -> String { HostPort.text(host: self.host, port: Int(port)) }

    /// The last colon that a digit follows.
    private static func separator(in bytes: [UInt8]) -> Int? {
        bytes.indices.dropLast().last { bytes[$0] == UInt8(ascii: ":") && Self.isDigit(bytes[$0 + 1]) }
    }

    /// Takes one to five digits off; a sixth is left.
    private static func takeNumber(from bytes: inout ArraySlice<UInt8>) -> Int {
        let digits = bytes.prefix(5).prefix(while: Self.isDigit)
        bytes.removeFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
