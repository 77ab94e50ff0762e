import PacketPrimitives
import Testing

struct PeerAddressTests {
    @Test(arguments: [
        (UInt64(0), UInt64(1), "[::1]:80"), (0, 0, "[::]:80"), (0x2001_0db8_0000_0000, 1, "[2001:db8::1]:80"),
        (0x2001_0db8_0001_0000, 0x0001_0000_0000_0001, "[2001:db8:1:0:1::1]:80"),
        (0xfe80_0000_0000_0000, 0xabcd_0000_0000_0000, "[fe80::abcd:0:0:0]:80"),
        (0x0001_0002_0003_0004, 0x0005_0006_0007_0008, "[1:2:3:4:5:6:7:8]:80"),
    ])
    func `an IPv6 address is written as RFC 5952 has it`(high: UInt64, low: UInt64, text: String) {
        #expect(PeerAddress(family: .ipv6, high: high, low: low, port: 80).description == text)
    }

    @Test func `an IPv4 address is written with dots`() {
        #expect(PeerAddress.ipv4(0x7F00_0001, port: 29900).description == "127.0.0.1:29900")
    }

    @Test func `a scope is written behind the address`() {
        let address = PeerAddress(family: .ipv6, high: 0xfe80 << 48, low: 1, port: 5, scope: 2)
        #expect(address.description == "[fe80::1%2]:5")
    }

    @Test func `a mapped address is the IPv4 address that it stands for`() {
        let mapped = PeerAddress(family: .ipv6, high: 0, low: 0xFFFF_0A00_0001, port: 7)
        #expect(mapped.unmapped == .ipv4(0x0A00_0001, port: 7))
        let other = PeerAddress(family: .ipv6, high: 0, low: 0xFFFE_0A00_0001, port: 7)
        #expect(other.unmapped == other)
    }
}
