import DatagramIO
import PacketPrimitives
import Testing

@Suite struct PeerAddressSocketTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.1.2.3", "255.1.2.3"), ("::", "::"), ("::1", "::1"),
        ("2001:db8::a:1", "2001:db8::a:1"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("fe80::1%7", "fe80::1%7"),
        ("::ffff:1.2.3.4", "::ffff:102:304"),
    ])
    func `a numeric host is read`(text: String, host: String) throws {
        let address = try #require(PeerAddress(numericHost: text, port: 29900))
        #expect(address.host == host)
        #expect(address.port == 29900)
    }

    @Test(arguments: [
        "", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "[::1]", ":::", "1::2::3", "fe80::1%",
        "fe80::1%0", "fe80::1%no-such-interface", "1.2.3.4%1", "12345::",
    ])
    func `anything else is not`(text: String) {
        #expect(PeerAddress(numericHost: text, port: 1) == nil)
    }

    @Test func `the scope is found by the name of the interface`() throws {
        let name = ["lo", "lo0"].first { PeerAddress(numericHost: "fe80::1%\($0)", port: 1) != nil }
        #expect(name != nil)
    }

    @Test func `mapping and unmapping are opposites`() {
        let address = PeerAddress.ipv4(0x0102_0304, port: 5)
        #expect(address.mapped == PeerAddress(numericHost: "::ffff:1.2.3.4", port: 5))
        #expect(address.mapped.unmapped == address)
        let ipv6 = PeerAddress.loopback(.ipv6, port: 5)
        #expect(ipv6.mapped == ipv6)
    }

    @Test func `only the wildcard addresses are wildcards`() {
        #expect(PeerAddress.wildcard(.ipv4).isWildcard && PeerAddress.wildcard(.ipv6, port: 7).isWildcard)
        #expect(!PeerAddress.loopback(.ipv4).isWildcard && !PeerAddress.loopback(.ipv6).isWildcard)
    }

    #if os(Linux)
        @Test func `the kernel's IPv4 form is read`() throws {
            let bytes: [UInt8] = [2, 0, 0x74, 0xCC, 10, 1, 2, 3] + Array(repeating: 0, count: 8)
            let address = bytes.withUnsafeBytes { PeerAddress(socketAddress: $0.baseAddress!, byteCount: $0.count) }
            #expect(address == .ipv4(0x0A01_0203, port: 29900))
        }

        @Test func `the kernel's IPv6 form is read`() throws {
            let host: [UInt8] = [0xFE, 0x80, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
            let bytes: [UInt8] = [10, 0, 0x74, 0xCC, 0, 0, 0, 0] + host + [3, 0, 0, 0]
            let address = bytes.withUnsafeBytes { PeerAddress(socketAddress: $0.baseAddress!, byteCount: $0.count) }
            #expect(address?.description == "[fe80::102:304:506:708%3]:29900")
        }

        private static let junk: [[UInt8]] = [
            Array(repeating: 0, count: 16),
            [10, 0] + Array(repeating: 0, count: 14),
            [2, 0, 0, 0],
            [1, 0] + Array(repeating: 0, count: 30),
        ]

        @Test(arguments: Self.junk)
        func `a form that is cut or of another family is not`(bytes: [UInt8]) {
            #expect(bytes.withUnsafeBytes { PeerAddress(socketAddress: $0.baseAddress!, byteCount: $0.count) } == nil)
        }
    #endif

    @Test(arguments: PeerAddress.usableFamilies)
    func `a local address has no port and prints as a host`(family: PeerAddress.Family) {
        let address = LocalAddress(.loopback(family, port: 77))
        #expect(address == LocalAddress(.loopback(family, port: 78)))
        #expect(address.withPort(77) == .loopback(family, port: 77))
        #expect(address.description == PeerAddress.loopback(family).host)
    }
}
