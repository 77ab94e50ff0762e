import Testing
import TunnelCommand

@Suite struct ConfigurationFileTests {
    private static let table = FlagTable(of: ClientOptions.self)

    private func client(_ text: String) throws(ConfigurationFileError) -> ConfigurationFile {
        try ConfigurationFile(Array(text.utf8), path: "x.json", table: Self.table)
    }

    @Test(arguments: [
        (#"{"mtu": 1200}"#, ["--mtu=1200"]),
        (#"{"MTU": 1200, "Key": "k"}"#, ["--mtu=1200", "--key=k"]),
        (#"{"mtu": 1, "mtu": 2, "MTU": 3}"#, ["--mtu=3"]),
        (#"{"mtu": 1, "mtu": null}"#, ["--mtu=1"]),
        (#"{"nocomp": true, "quiet": false}"#, ["--nocomp"]), (#"{"strict": true}"#, ["--strict"]),
        (#"{"qpp": true, "qpp-count": 7}"#, ["--QPP", "--QPPCount=7"]),
        (#"{"scavengettl": -1}"#, ["--scavengettl=-1"]),
        (#"{"key": "a \u0022=-"}"#, [#"--key=a "=-"#]),
        (#"{"remoteaddr": ["a:1", "b:2-9"]}"#, ["--remoteaddr=a:1,b:2-9"]),
        (#"{"remoteaddr": ["a:1"], "RemoteAddr": "b:2"}"#, ["--remoteaddr=b:2"]),
        (#"{"mtu": 1200} rubbish"#, ["--mtu=1200"]),
        (#"{"mtu": 1200.0, "conn": 2e1}"#, ["--mtu=1200", "--conn=20"]),
        ("null", []),
        ("{}", []),
    ])
    func `keys become arguments`(text: String, arguments: [String]) throws {
        #expect(try self.client(text).settings.texts == arguments)
    }

    @Test func `unknown keys are collected, whatever their value`() throws {
        let file = try self.client(#"{"listen": 5, "target": null, "mtu": 1200, "c": "y", "//": [1]}"#)
        #expect(file.unknownKeys == ["listen", "target", "c", "//"])
        #expect(file.settings.texts == ["--mtu=1200"])
    }

    @Test(arguments: [
        (#"{"mtu": "x"}"#, #""mtu" expects a whole number, found the text "x""#),
        (#"{"MTU": 1.5}"#, #""MTU" expects a whole number, found the number 1.5"#),
        (#"{"mtu": 9223372036854775808}"#, #""mtu" expects a whole number, found the number 9.223372036854776e+18"#),
        (#"{"mtu": true}"#, #""mtu" expects a whole number, found true"#),
        (#"{"nocomp": 1}"#, #""nocomp" expects true or false, found the number 1"#),
        (#"{"nocomp": "true"}"#, #""nocomp" expects true or false, found the text "true""#),
        (#"{"crypt": ["aes"]}"#, #""crypt" expects a text in double quotes, found a list"#),
        (
            #"{"remoteaddr": []}"#,
            #""remoteaddr" expects a text in double quotes, or a list of such texts, found a list"#
        ),
        (
            #"{"remoteaddr": ["a:1", 2]}"#,
            #""remoteaddr" expects a text in double quotes, or a list of such texts, found a list"#
        ),
        (#"{"localaddr": ["a:1"]}"#, #""localaddr" expects a text in double quotes, found a list"#),
        (#"{"crypt": {}}"#, #""crypt" expects a text in double quotes, found an object"#),
        (#"{"key": 12345}"#, #""key" expects a text in double quotes, found a number"#),
        ("[]", #"expected an object such as {"mtu": 1350}, found a list"#),
        ("5", #"expected an object such as {"mtu": 1350}, found the number 5"#),
        ("", #"expected an object such as {"mtu": 1350}"#),
        ("{\n\"mtu\" 5}", #"line 2: expected a member such as "mtu": 1350, with a comma between it and the next"#),
    ])
    func `a mistake is told in a sentence`(text: String, sentence: String) throws {
        let error = try #require(throws: ConfigurationFileError.self) { try self.client(text) }
        #expect(error.description == "configuration file x.json: \(sentence)")
        #expect(error.exitStatus == 78)
    }

    @Test func `all wrong types are told at once`() throws {
        let error = try #require(throws: ConfigurationFileError.self) {
            try self.client(#"{"mtu": "x", "conn": 2, "quiet": 0}"#)
        }
        #expect(error.problems.count == 2)
        #expect(error.description.split(separator: "\n").count == 2)
    }

    private static let keysOf2017 = """
        key crypt mode mtu sndwnd rcvwnd datashard parityshard dscp nocomp snmplog snmpperiod log acknodelay nodelay \
        interval resend nc sockbuf keepalive
        """
    private static let keysOf2021 = keysOf2017 + " smuxver smuxbuf streambuf quiet tcp"
    private static let keysOfToday = keysOf2021 + " qpp qpp-count ratelimit framesize closewait pprof cc"

    @Test(arguments: [
        (FlagTable(of: ClientOptions.self), keysOfToday + " metrics localaddr remoteaddr conn autoexpire scavengettl"),
        (FlagTable(of: ServerOptions.self), keysOfToday + " metrics listen target"),
    ])
    func `every key of 2017, 2021 and today is known`(table: FlagTable, keys: String) throws {
        let members = keys.split(separator: " ").map { "\"\($0)\": null" }
        let file = try ConfigurationFile(
            Array("{\(members.joined(separator: ","))}".utf8), path: "x", table: table)
        #expect(file.unknownKeys.isEmpty)
    }
}
