import Testing
import TunnelCommand
import TunnelCore

@Suite struct PluginEnvironmentTests {
    private static let complete = [
        "SS_REMOTE_HOST": "server.example", "SS_REMOTE_PORT": "29900", "SS_LOCAL_HOST": "127.0.0.1",
        "SS_LOCAL_PORT": "45678",
    ]

    private static func variables(_ changes: [String: String?]) -> [String: String] {
        changes.reduce(into: Self.complete) { $0[$1.key] = $1.value }
    }

    private static func options<Options: TunnelOptions>(
        of _: Options.Type, _ changes: [String: String?] = [:], arguments: [String] = [], file: String = "{}"
    ) throws -> Options {
        let reader = OptionReader<Options>(environment: Self.variables(changes)) { _ throws(FileError) in
            Array(file.utf8)
        }
        guard case .run(let loaded) = try reader.read(arguments) else { throw UsageError.badSyntax("not run") }
        return loaded.options
    }

    private static func refusal(
        _ changes: [String: String?], role: TunnelRole = .client
    ) throws -> PluginEnvironmentError? {
        let table = role == .client ? FlagTable(of: ClientOptions.self) : FlagTable(of: ServerOptions.self)
        do throws(PluginEnvironmentError) {
            _ = try PluginEnvironment(Self.variables(changes))?.settings(role, table)
            return nil
        } catch {
            return error
        }
    }

    @Test func `without the variables there is no plugin`() throws {
        #expect(try PluginEnvironment(["KCPTUN_KEY": "x", "SS_OTHER": "y"]) == nil)
        #expect(!PluginEnvironment.isSet(in: [:]))
        #expect(PluginEnvironment.isSet(in: ["SS_LOCAL_PORT": ""]))
    }

    @Test func `a client listens where shadowsocks connects to, and sends to the remote address`() throws {
        let addresses = try Self.options(of: ClientOptions.self).addresses
        #expect([addresses.local, addresses.remote] == ["127.0.0.1:45678", "server.example:29900"])
    }

    @Test func `a server listens at the remote address and passes on to the local one`() throws {
        let addresses = try Self.options(of: ServerOptions.self).addresses
        #expect([addresses.listen, addresses.target] == ["server.example:29900", "127.0.0.1:45678"])
    }

    @Test(arguments: ["2001:db8::1", "[2001:db8::1]"])
    func `an IPv6 host gets brackets`(host: String) throws {
        let addresses = try Self.options(
            of: ClientOptions.self, ["SS_REMOTE_HOST": host, "SS_LOCAL_HOST": "::1"]
        ).addresses
        #expect([addresses.local, addresses.remote] == ["[::1]:45678", "[2001:db8::1]:29900"])
    }

    @Test(arguments: [("0.0.0.0", "0.0.0.0:29900"), ("::0|0.0.0.0", ":29900"), ("192.0.2.1|::", ":29900")])
    func `a server that is to listen on several addresses listens on all`(host: String, listen: String) throws {
        #expect(try Self.options(of: ServerOptions.self, ["SS_REMOTE_HOST": host]).addresses.listen == listen)
    }

    @Test(arguments: [TunnelRole.client, .server])
    func `several addresses of which none stands for all are refused`(role: TunnelRole) throws {
        let error = try Self.refusal(["SS_REMOTE_HOST": "192.0.2.1|192.0.2.2"], role: role)
        #expect(error == .severalHosts(.remoteHost, ["192.0.2.1", "192.0.2.2"], role))
        #expect(error?.description.contains("configure one") == true)
    }

    @Test func `options are the flags, and the last of two counts`() throws {
        let text = #"crypt=sm4;key=a\;b;nocomp;ds=5;datashard=6;QPPCount=0x11;quiet=false;mode=fast3"#
        let shared = try Self.options(of: ClientOptions.self, ["SS_PLUGIN_OPTIONS": text]).shared
        #expect([shared.secrecy.crypt, shared.secrecy.key, shared.link.mode] == ["sm4", "a;b", "fast3"])
        #expect([shared.link.dataShards, shared.secrecy.permutationPadCount] == [6, 17])
        #expect(shared.streams.disablesCompression)
        #expect(!shared.reports.isQuiet)
    }

    @Test(
        arguments: [
            (["KCPTUN_KEY": "environment"], [], "{}", "environment"),
            (["KCPTUN_KEY": "environment"], ["-key", "line"], "{}", "line"),
            ([:], ["-key", "line", "-c", "f"], #"{"key": "file"}"#, "file"),
            (["SS_PLUGIN_OPTIONS": "c=f"], ["-key", "line"], #"{"key": "file"}"#, "file"),
            (["SS_PLUGIN_OPTIONS": "c=f;key=option"], ["-key", "line"], #"{"key": "file"}"#, "option"),
        ] as [([String: String], [String], String, String)])
    func `options come before the file before the command line before the key's variable`(
        changes: [String: String], arguments: [String], file: String, key: String
    ) throws {
        let options = try Self.options(of: ClientOptions.self, changes, arguments: arguments, file: file)
        #expect(options.shared.secrecy.key == key)
    }

    @Test func `addresses of the command line and the file give way`() throws {
        let file = #"{"localaddr": ":1", "remoteaddr": "elsewhere:2"}"#
        let addresses = try Self.options(of: ClientOptions.self, arguments: ["-l", ":3", "-c", "f"], file: file)
            .addresses
        #expect([addresses.local, addresses.remote] == ["127.0.0.1:45678", "server.example:29900"])
    }

    @Test func `an option may name more ports of the server`() throws {
        let ports = ["SS_PLUGIN_OPTIONS": "remoteaddr=server.example:29900-29910"]
        #expect(try Self.options(of: ClientOptions.self, ports).addresses.remote == "server.example:29900-29910")
        let listen = ["SS_PLUGIN_OPTIONS": "listen=:29900-29910;server"]
        #expect(try Self.options(of: ServerOptions.self, listen).addresses.listen == ":29900-29910")
    }

    @Test(
        arguments: ["SS_REMOTE_HOST", "SS_REMOTE_PORT", "SS_LOCAL_HOST", "SS_LOCAL_PORT"], [nil, ""] as [String?])
    func `a variable that is missing is named`(name: String, value: String?) throws {
        let error = try Self.refusal([name: value])
        #expect(error?.description.hasPrefix("\(name) is not set") == true)
    }

    @Test(arguments: ["0", "65536", "-1", "http", "1 "])
    func `a port must be one`(text: String) throws {
        let error = try Self.refusal(["SS_LOCAL_PORT": text])
        #expect(error == .invalidPort(.localPort, text))
    }

    @Test(
        arguments: [
            ("bogus=1", .client, "\"bogus\" is no option"),
            ("help", .client, "\"help\" is no option"),
            ("version", .server, "\"version\" is no option"),
            ("target=x:1", .client, "\"target\" is no option"),
            ("mtu=abc", .client, "invalid value \"abc\" for flag -mtu: parse error"),
            ("mtu", .client, "flag needs an argument: -mtu"),
            ("nocomp=maybe", .server, "invalid boolean value \"maybe\" for -nocomp"),
            ("localaddr=:1", .client, "localaddr is set by shadowsocks"),
            ("l=:1", .client, "l is set by shadowsocks"),
            ("target=:1", .server, "target is set by shadowsocks"),
            ("t=:1", .server, "t is set by shadowsocks"),
            ("server", .client, "this is the client"),
        ] as [(String, TunnelRole, String)])
    func `an option that cannot be used is named`(text: String, role: TunnelRole, words: String) throws {
        let error = try #require(try Self.refusal(["SS_PLUGIN_OPTIONS": text], role: role))
        #expect(error.description.hasPrefix("SS_PLUGIN_OPTIONS: "))
        #expect(error.description.contains(words))
        #expect(error.exitStatus == 78)
    }

    @Test func `the reader passes the refusal on`() {
        let error = #expect(throws: OptionError.self) {
            try Self.options(of: ServerOptions.self, ["SS_PLUGIN_OPTIONS": "bogus"])
        }
        #expect(error?.exitStatus == 78)
        #expect(error?.description.contains("bogus") == true)
    }
}
