package import PacketPrimitives

/// What a raw IPv4 socket delivers in front of a segment (RFC 791 §3.1); an IPv6 one delivers the segment alone.
package struct IPv4Header: Hashable, Sendable {
    /// Who sent the packet and whom to, without ports.
    package var source: PeerAddress
    package var destination: PeerAddress
    /// Where the segment begins.
    package var byteCount: Int

    /// `nil` if the packet is cut or not of version 4.
    package init?(_ packet: RawSpan) {
        guard packet.byteCount >= 20 else { return nil }
        let first = packet.bigEndian(at: 0, as: UInt8.self)
        self.byteCount = Int(first & 0x0F) * 4
        guard first >> 4 == 4, self.byteCount >= 20, self.byteCount <= packet.byteCount else { return nil }
        self.source = .ipv4(packet.bigEndian(at: 12), port: 0)
        self.destination = .ipv4(packet.bigEndian(at: 16), port: 0)
    }
}
