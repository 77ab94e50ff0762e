import DatagramIO
import NIOCore
import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct AddressResolverTests {
    @Test(arguments: [
        PeerAddress.ipv4(0x7F00_0001, port: 29900),
        PeerAddress(family: .ipv6, high: 0x2001_0DB8_0000_0000, low: 7, port: 1),
        PeerAddress(family: .ipv6, high: 0xFE80_0000_0000_0000, low: 7, port: 65535, scope: 3),
    ])
    func `an address survives the way through NIO`(address: PeerAddress) {
        #expect(address.socketAddress.peerAddress == address)
        #expect(address.socketAddress.port == Int(address.port))
    }
}
