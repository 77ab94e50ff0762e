/// Why the operator's text is no address. The first two are worded as in the original.
package enum AddressFormatError: Error, Hashable, CustomStringConvertible {
    case malformed(String)
    case invalidPortRange(low: Int, high: Int)
    case invalidPort(String, address: String)
    case empty
    /// One of several addresses.
    indirect case entry(String, AddressFormatError)

    package var description: String {
        switch self {
        case .malformed(let text): "malformed address:\(text)"
        case .invalidPortRange(let low, let high):
            "invalid port range specified: minport:\(low) -> maxport \(high)"
        case .invalidPort(let port, let address):
            "\(address.debugDescription) has the port \(port.debugDescription): use a number from 0 to 65535"
        case .empty: "the address is empty: use host:port or the path of a Unix socket"
        case .entry(let entry, let error): "\(entry.debugDescription) in the list: \(error)"
        }
    }
}
