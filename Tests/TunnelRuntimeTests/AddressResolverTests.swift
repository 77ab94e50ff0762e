import DatagramIO
import NIOCore
import NIOPosix
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

    @Test func `all addresses of a name are found, and an address needs no lookup`() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let lookup = NameLookup { [.ipv4(UInt32($0.utf8.count), port: 0), .ipv4(9, port: 0)] }
        let named = try await AddressResolver.resolveAll("name", with: lookup, on: loop).get()
        #expect(named == [.ipv4(4, port: 0), .ipv4(9, port: 0)])
        let numeric = try await AddressResolver.resolveAll("192.0.2.1", with: lookup, on: loop).get()
        #expect(numeric.map(\.host) == ["192.0.2.1"])
        let ownMachine = try await AddressResolver.resolveAll("", with: lookup, on: loop).get()
        #expect(ownMachine.map(\.host) == ["127.0.0.1"])
    }
}
