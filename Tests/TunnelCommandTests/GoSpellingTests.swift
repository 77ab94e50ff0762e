import Testing
import TunnelCommand

@Suite struct GoSpellingTests {
    private static let spelling = GoSpelling(table: FlagTable(of: ClientOptions.self))

    private func arguments(_ words: [String]) throws -> [String] { try Self.spelling.read(words).settings.texts }

    @Test(arguments: [
        ["-mtu", "1200"], ["--mtu", "1200"], ["-mtu=1200"], ["--mtu=1200"], ["-mtu", "0x4b0"], ["-mtu=1_200"],
        ["-mtu", "9", "--mtu", "1200"],
    ])
    func `one and two dashes, a word or an equals sign are the same`(words: [String]) throws {
        #expect(try self.arguments(words) == ["--mtu=1200"])
    }

    @Test(arguments: [
        (["-nocomp"], true), (["--nocomp"], true), (["-nocomp=true"], true), (["-nocomp=1"], true),
        (["-nocomp=T"], true), (["-nocomp=false"], false), (["--nocomp=0"], false), (["-nocomp=F"], false),
        (["-nocomp", "-nocomp=false"], false), (["-nocomp=false", "-nocomp"], true),
    ])
    func `a boolean is on unless it says otherwise`(words: [String], isOn: Bool) throws {
        #expect(try self.arguments(words) == (isOn ? ["--nocomp"] : []))
    }

    @Test func `a word behind a boolean is not its value and ends the flags`() throws {
        let invocation = try Self.spelling.read(["-nocomp", "false", "-mtu", "1200"])
        #expect(invocation.settings.texts == ["--nocomp"])
        #expect(invocation.ignoredWords == ["false", "-mtu", "1200"])
        #expect(invocation.request == .run)
    }

    @Test(arguments: [
        (["--", "-mtu", "1"], ["-mtu", "1"]), (["-", "-mtu", "1"], ["-", "-mtu", "1"]), (["", "-mtu"], ["", "-mtu"]),
        (["word"], ["word"]), (["--"], []),
    ])
    func `flags end at two dashes or at a word`(words: [String], ignored: [String]) throws {
        let invocation = try Self.spelling.read(words)
        #expect(invocation.settings.isEmpty)
        #expect(invocation.ignoredWords == ignored)
    }

    @Test(arguments: [
        (["-scavengettl", "-1"], "--scavengettl=-1"), (["-key", "-x"], "--key=-x"), (["-key", "--"], "--key=--"),
        (["-key=a=b"], "--key=a=b"), (["-key="], "--key="), (["-key", ""], "--key="),
        (["-key=\u{301}"], "--key=\u{301}"),
        (["-l", ":1"], "--localaddr=:1"), (["--l=:1"], "--localaddr=:1"), (["-ds", "5"], "--datashard=5"),
        (["--ps=5"], "--parityshard=5"), (["-c", "x.json"], "-c=x.json"), (["--c=x.json"], "-c=x.json"),
        (["-QPPCount", "7"], "--QPPCount=7"),
    ])
    func `values may be anything, and short names stand for the long ones`(words: [String], argument: String) throws {
        #expect(try self.arguments(words) == [argument])
    }

    @Test(arguments: [
        ["-r", "a:1", "-r", "b:2-9"], ["-r", "a:1", "-mtu", "1", "-r=b:2-9", "-mtu", "1"], ["--r=a:1,b:2-9"],
    ])
    func `servers given one after another are a list`(words: [String]) throws {
        #expect(try self.arguments(words).contains("--remoteaddr=a:1,b:2-9"))
    }

    @Test(arguments: [["-r", "a:1", "-r", "b"], ["-r", "b", "-r", "a:1"], ["-r", "a:1,b:2", "-r", "b"]])
    func `a bad one of several servers is named`(words: [String]) throws {
        let error = try #require(throws: UsageError.self) { try Self.spelling.read(words) }
        #expect(error.reason == "invalid value for flag -remoteaddr: malformed address:b")
    }

    @Test(
        arguments: [
            (["-h"], .help), (["--help"], .help), (["-v"], .version), (["--version"], .version), (["-v", "-h"], .help),
            (["help"], .help), (["h"], .help), (["-mtu", "5", "help"], .help), (["word", "help"], .run),
            (["-h=false"], .run),
            (["--", "help"], .help), ([], .run), (["-v", "help"], .version),
        ] as [([String], GoSpelling.Request)])
    func `help and version are asked for`(words: [String], request: GoSpelling.Request) throws {
        #expect(try Self.spelling.read(words).request == request)
    }

    @Test(arguments: [
        (["-bogus"], "flag provided but not defined: -bogus"),
        (["--bogus=1"], "flag provided but not defined: -bogus"),
        (["-qpp"], "flag provided but not defined: -qpp"),
        (["-MTU", "5"], "flag provided but not defined: -MTU"),
        (["-listen", ":1"], "flag provided but not defined: -listen"),
        (["-mtu", "abc"], #"invalid value "abc" for flag -mtu: parse error"#),
        (["--ds="], #"invalid value "" for flag -ds: parse error"#),
        (["-mtu", "9223372036854775808"], #"invalid value "9223372036854775808" for flag -mtu: value out of range"#),
        (["-nocomp=maybe"], #"invalid boolean value "maybe" for -nocomp: parse error"#),
        (["-mtu"], "flag needs an argument: -mtu"),
        (["---mtu", "5"], "bad flag syntax: ---mtu"),
        (["-=5"], "bad flag syntax: -=5"),
        (["--=5"], "bad flag syntax: --=5"),
        (["-l", ":1", "--localaddr", ":2"], "Cannot use two forms of the same flag: l localaddr"),
        (["-localaddr", ":1", "-l", ":2"], "Cannot use two forms of the same flag: l localaddr"),
        (["-ps", "1", "-parityshard=1", "-h"], "Cannot use two forms of the same flag: ps parityshard"),
        (["-h", "-bogus"], "flag provided but not defined: -bogus"),
        (["-h", "--help"], "Cannot use two forms of the same flag: h help"),
    ])
    func `what cannot be understood is refused in the original's words`(words: [String], reason: String) throws {
        let error = try #require(throws: UsageError.self) { try Self.spelling.read(words) }
        #expect(error.reason == reason)
        #expect(error.description == "Incorrect Usage. \(reason)\n\nTry --help for the list of flags.")
        #expect(error.exitStatus == 64)
    }
}
