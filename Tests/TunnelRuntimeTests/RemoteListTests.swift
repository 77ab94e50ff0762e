import Testing
import TunnelRuntime

@Suite struct RemoteListTests {
    @Test(
        arguments: [
            ("vps:29900", ["vps:29900"]), ("a:1,b:2-9", ["a:1", "b:2-9"]),
            ("a:1, b:2 , [::1]:3", ["a:1", "b:2", "[::1]:3"]),
            ("a:1,a:1,b:2,a:1", ["a:1", "b:2"]), (":1,b:2", [":1", "b:2"]), ("::1:29900,b:2", ["[::1]:29900", "b:2"]),
        ] as [(String, [String])])
    func `servers are apart by commas`(text: String, entries: [String]) throws {
        #expect(try PortRange.list(text).map(\.description) == entries)
    }

    @Test(arguments: ["h:1,", "h:1,b", "h:1-2,3", "h:80-90,100-110", "h:1,2"])
    func `a comma behind the ports is ignored with what follows, as by the original`(text: String) throws {
        #expect(try PortRange.list(text) == [PortRange(text)])
    }

    @Test(
        arguments: [
            ("a:1,b,c:3", #""b" in the list: malformed address:b"#), (",b:2", #""" in the list: malformed address:"#),
            ("a:1,,b:2", #""" in the list: malformed address:"#), ("a,b:2", #""a" in the list: malformed address:a"#),
            ("a:1,b:9-8", #""b:9-8" in the list: invalid port range specified: minport:9 -> maxport 8"#),
            ("a:0,b:2", #""a:0" in the list: invalid port range specified: minport:0 -> maxport 0"#),
            ("vps", "malformed address:vps"), ("", "malformed address:"),
            ("h:9-8", "invalid port range specified: minport:9 -> maxport 8"),
        ] as [(String, String)])
    func `a bad entry is named`(text: String, sentence: String) throws {
        let error = try #require(throws: AddressFormatError.self) { try PortRange.list(text) }
        #expect(error.description == sentence)
    }
}
