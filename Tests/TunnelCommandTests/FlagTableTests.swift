import ArgumentParser
import Testing
import TunnelCommand

@Suite struct FlagTableTests {
    private static let clientHelp = ClientOptions.helpMessage()
    private static let serverHelp = ServerOptions.helpMessage()
    private static let clientTable = FlagTable(of: ClientOptions.self)
    private static let serverTable = FlagTable(of: ServerOptions.self)
    private static let integers: Set<String> = [
        "QPPCount", "conn", "autoexpire", "scavengettl", "mtu", "ratelimit", "sndwnd", "rcvwnd", "datashard",
        "parityshard",
        "dscp", "nodelay", "interval", "resend", "nc", "sockbuf", "smuxver", "smuxbuf", "framesize", "streambuf",
        "keepalive", "keepalivetimeout",
        "closewait", "snmpperiod",
    ]
    private static let booleans: Set<String> = [
        "QPP", "nocomp", "acknodelay", "quiet", "tcp", "pprof", "strict", "help", "version",
    ]
    private static let texts: Set<String> = [
        "key", "crypt", "mode", "cc", "snmplog", "log", "c", "log-level", "log-format",
        "metrics", "memlimit",
    ]
    private static let client: Set<String> = ["localaddr", "remoteaddr", "conn", "autoexpire", "scavengettl"]
    private static let server: Set<String> = ["listen", "target"]

    private static func kind(of name: String) -> CommandLineFlag.Kind {
        if Self.integers.contains(name) { return .integer }
        return Self.booleans.contains(name) ? .boolean : .text
    }

    private static var both: Set<String> {
        Self.integers.union(Self.booleans).union(Self.texts).subtracting(Self.client)
    }

    @Test func `the client has its flags and no others`() {
        #expect(Set(Self.clientTable.flags.map(\.name)) == Self.both.union(Self.client))
    }

    @Test func `the server has its flags and no others`() {
        #expect(Set(Self.serverTable.flags.map(\.name)) == Self.both.union(Self.server))
    }

    @Test(arguments: [clientTable, serverTable])
    func `every flag takes what the original takes, and no name is used twice`(table: FlagTable) {
        for flag in table.flags { #expect(flag.kind == Self.kind(of: flag.name), "\(flag.name)") }
        let names = table.flags.flatMap(\.names)
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: [
        ("l", "localaddr"), ("r", "remoteaddr"), ("ds", "datashard"), ("ps", "parityshard"), ("h", "help"),
        ("v", "version"),
    ])
    func `short names stand for long ones`(short: String, long: String) {
        #expect(Self.clientTable[short]?.name == long)
    }

    @Test func `the server's short names are its own`() {
        let table = Self.serverTable
        #expect(table["l"]?.name == "listen")
        #expect(table["t"]?.name == "target")
    }

    @Test(arguments: [
        ("mtu", "mtu"), ("MTU", "mtu"), ("QPP", "QPP"), ("qpp", "QPP"), ("qpp-count", "QPPCount"),
        ("Qpp-Count", "QPPCount"),
        ("LocalAddr", "localaddr"),
    ])
    func `keys of a file are matched without regard to case`(key: String, name: String) {
        #expect(Self.clientTable.flag(configurationKey: key)?.name == name)
    }

    @Test(arguments: ["c", "C", "qppcount", "l", "ds", "help", "version", "h", "listen", ""])
    func `other keys stand for no flag`(key: String) {
        #expect(Self.clientTable.flag(configurationKey: key) == nil)
    }

    @Test(arguments: ["acknodelay", "nodelay", "interval", "resend", "nc"])
    func `the tuning flags are not shown in the help`(name: String) {
        for help in [Self.clientHelp, Self.serverHelp] { #expect(!help.contains("--\(name) ")) }
        #expect(ClientOptions.helpMessage(includeHidden: true).contains("--\(name)"))
    }

    @Test(
        arguments: clientTable.flags.filter {
            !["acknodelay", "nodelay", "interval", "resend", "nc", "version"].contains($0.name)
        })
    func `every other flag is shown in the help`(flag: CommandLineFlag) {
        #expect(Self.clientHelp.contains(flag.dashes + flag.name))
    }
}
