package import PacketPrimitives

/// One of this machine's own IP addresses: the one a datagram was sent to, and which the answer must come from.
/// A socket that is bound to the wildcard address answers from the wrong one on a machine with several, unless told.
package struct LocalAddress: Hashable, Sendable {
    package var family: PeerAddress.Family
    /// The address as in `PeerAddress`.
    package var high: UInt64
    package var low: UInt64

    package init(family: PeerAddress.Family, high: UInt64, low: UInt64) {
        self.family = family
        self.high = high
        self.low = low
    }

    /// The IP address of `address`; an IPv4-mapped one as the IPv4 address that it is.
    package init(_ address: PeerAddress) {
        let address = address.unmapped
        self.init(family: address.family, high: address.high, low: address.low)
    }

    /// This address with a port.
    package func withPort(_ port: UInt16) -> PeerAddress {
        PeerAddress(family: self.family, high: self.high, low: self.low, port: port)
    }
}

extension LocalAddress: CustomStringConvertible {
    package var description: String { self.withPort(0).host }
}
