import Testing
import TunnelRuntime

@Suite struct PortRangeTests {
    @Test(
        arguments: [
            ("vps:29900", "vps", 29900...29900), (":29900", "", 29900...29900), ("h:80-90", "h", 80...90),
            ("h:80-", "h", 80...80), ("h:80-80", "h", 80...80), ("h:1-65535", "h", 1...65535),
            ("h:00080", "h", 80...80),
            ("h:80abc", "h", 80...80), ("h:80-90-100", "h", 80...90), ("h:80-x", "h", 80...80),
            ("h:80 - 90", "h", 80...80),
            ("h:80:", "h", 80...80), ("h:80:x", "h", 80...80), ("a:1:2", "a:1", 2...2),
            ("[::1]:29900", "::1", 29900...29900), ("[\u{31F}a:]:1", "\u{31F}a:", 1...1),
            ("[fe80::1%eth0]:5-6", "fe80::1%eth0", 5...6), ("::1:29900", "::1", 29900...29900),
            ("h:0000109", "h", 1...9), ("h:10000-2000012", "h", 10000...20000), ("h:1000020000", "h", 10000...20000),
        ] as [(String, String, ClosedRange<UInt16>)])
    func `host and ports are read`(text: String, host: String, ports: ClosedRange<UInt16>) throws {
        let range = try PortRange(text)
        #expect(range.host == host)
        #expect(range.ports == ports)
    }

    @Test(arguments: ["", "vps", "vps:", ":", "h:x", "h:-80", "29900", "/tmp/socket", "h: 80"])
    func `without a port the address is malformed`(text: String) throws {
        let error = try #require(throws: AddressFormatError.self) { try PortRange(text) }
        #expect(error.description == "malformed address:\(text)")
    }

    @Test(arguments: [
        ("h:0", 0, 0), ("h:0-80", 0, 80), ("h:90-80", 90, 80), ("h:65536", 65536, 65536), ("h:1-65536", 1, 65536),
        ("h:123456", 12345, 6), ("h:99999-99999", 99999, 99999), ("h:80-0", 80, 0),
    ])
    func `ports that make no range are refused`(text: String, low: Int, high: Int) throws {
        let error = try #require(throws: AddressFormatError.self) { try PortRange(text) }
        #expect(error.description == "invalid port range specified: minport:\(low) -> maxport \(high)")
    }

    @Test(arguments: [("h:80-90", "h:85"), (":80-90", ":85"), ("[::1]:80-90", "[::1]:85"), ("::1:80-90", "[::1]:85")])
    func `one of the ports is written with the host`(text: String, written: String) throws {
        #expect(try PortRange(text).text(port: 85) == written)
    }
}
