import DatagramIO
import FuzzSupport
import PacketPrimitives
import TunnelCore
import TunnelRuntime

/// Addresses and other values with a form of their own. An address that is printed is read again as the same.
final class AddressTarget: FuzzTarget {
    static let name = "address"
    static let maximumByteCount = 128

    static var dictionary: [String] { ["[::1]:", "::", "%1", "-65535", "fixed:", "127.0.0.1:", "fe80::1%"] }

    static func seeds() throws -> [[UInt8]] {
        [
            ":12948", "[2001:db8::1]:80", "/run/socket", "vps:4000-4010", "127.0.0.1:29900-", "fe80::1%2",
            "::ffff:10.1.2.3", "1.2.3.4",
        ]
        .flatMap { text in (0..<3).map { [UInt8($0)] + Array(text.utf8) } }
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let choice = input.byte() % 3
        let text = input.text()
        switch choice {
        case 0: try Self.checkStreamAddress(text)
        case 1: try Self.checkPortRange(text)
        default:
            guard let address = PeerAddress(numericHost: text, port: 7) else { return }
            let again = PeerAddress(numericHost: address.host, port: 7)
            try promise(again == address, "\(address.host) is another address than \(text)")
        }
    }

    private static func checkStreamAddress(_ text: String) throws(BrokenPromise) {
        let address: StreamAddress
        do { address = try StreamAddress(text) } catch { return try promise(!error.description.isEmpty, "no reason") }
        let again = try? StreamAddress(address.description)
        try promise(again == address, "\(address) is another address than \(text)")
    }

    private static func checkPortRange(_ text: String) throws(BrokenPromise) {
        let range: PortRange
        do { range = try PortRange(text) } catch { return try promise(!error.description.isEmpty, "no reason") }
        let port = range.ports.lowerBound
        let again = try? PortRange(range.text(port: port))
        try promise(
            again?.ports == port...port && again?.host == range.host, "\(range) is another address than \(text)")
    }
}
