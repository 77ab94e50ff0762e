import DatagramIO
import PacketPrimitives
import Testing

@Suite struct PeerAddressPresenceTests {
    @Test func `an address of this machine is there, whatever the port`() throws {
        let socket = try DatagramSocket.bind(to: .ipv4(0x7F00_0001, port: 0))
        defer { socket.close() }
        #expect(!socket.localAddress.isGone)
        #expect(!PeerAddress.wildcard(.ipv4).isGone)
    }

    /// An address of a network for documentation (RFC 5737).
    @Test func `an address that this machine does not have is gone`() {
        #expect(PeerAddress.ipv4(0xC000_0201, port: 5).isGone)
    }
}
