import Testing
import TunnelRuntime

@Suite struct StreamAddressTests {
    @Test(
        arguments: [
            (":12948", "", 12948), ("127.0.0.1:80", "127.0.0.1", 80), ("name:0", "name", 0), ("name:", "name", 0),
            ("[::1]:12948", "::1", 12948), ("[::]:1", "::", 1), ("[fe80::1%eth0]:65535", "fe80::1%eth0", 65535),
            ("/tmp/x:80", "/tmp/x", 80), ("[]:5", "", 5),
        ] as [(String, String, Int)])
    func `host and port are a TCP address`(text: String, host: String, port: Int) throws {
        #expect(try StreamAddress(text) == .tcp(host: host, port: port))
    }

    @Test(arguments: [
        "/tmp/tunnel.sock", "tunnel.sock", "12948", "::1", "a:b:80", "[::1]", "[::1]x:80", "::1:80", "x[y]:80",
        "[::1:80",
    ])
    func `what is not host and port is the path of a Unix socket`(text: String) throws {
        #expect(try StreamAddress(text) == .unix(path: text))
    }

    @Test(arguments: ["name:http", "name:65536", "name:-1", "name:+80", "name:8 0"])
    func `a port that is no number is refused`(text: String) throws {
        let error = try #require(throws: AddressFormatError.self) { try StreamAddress(text) }
        #expect(error.description.contains(text))
        #expect(error.description.hasSuffix("use a number from 0 to 65535"))
    }

    @Test func `nothing is no address`() {
        #expect(throws: AddressFormatError.empty) { try StreamAddress("") }
    }

    @Test(arguments: [":80", "a:80", "[::1]:80", "/tmp/x"])
    func `an address is written as it was read`(text: String) throws {
        #expect(try StreamAddress(text).description == text)
    }
}
