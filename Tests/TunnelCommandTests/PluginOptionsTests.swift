import Testing
import TunnelCommand

@Suite struct PluginOptionsTests {
    private static func pairs(_ text: String) throws -> [[String?]] {
        try PluginOptions(text).options.map { [$0.name, $0.value] }
    }

    @Test(
        arguments: [
            ("", []),
            ("mode=fast3", [["mode", "fast3"]]),
            ("mode=fast3;nocomp;mtu=1200", [["mode", "fast3"], ["nocomp", nil], ["mtu", "1200"]]),
            ("nocomp;;quiet;", [["nocomp", nil], ["quiet", nil]]),
            ("log=", [["log", ""]]),
            ("key=a=b==", [["key", "a=b=="]]),
            (#"key=a\;b\=c\\d\e"#, [["key", #"a;b=c\de"#]]),
            (#"na\=me=x"#, [["na=me", "x"]]),
            (#"key=\;"#, [["key", ";"]]),
            ("key= ü ", [["key", " ü "]]),
        ] as [(String, [[String?]])])
    func `options are cut at semicolons and equals signs that no backslash protects`(
        text: String, pairs: [[String?]]
    ) throws {
        #expect(try Self.pairs(text) == pairs)
    }

    @Test func `a backslash with nothing behind it is refused`() {
        #expect(throws: PluginEnvironmentError.endsInBackslash) { try PluginOptions(#"key=a\"#) }
    }

    @Test(arguments: ["=x", "nocomp;=x"])
    func `a value without a name is refused`(text: String) {
        #expect(throws: PluginEnvironmentError.valueWithoutName("x")) { try PluginOptions(text) }
    }

    @Test(arguments: [
        ("server", true), ("nocomp;server", true), ("", false), ("server=1", false), ("mode=server", false),
    ])
    func `the word server asks for the server`(text: String, isServer: Bool) throws {
        #expect(try PluginOptions(text).asksForServer == isServer)
    }
}
