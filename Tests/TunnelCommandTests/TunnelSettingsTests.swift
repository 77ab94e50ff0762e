import ArgumentParser
import Ciphers
import Testing
import TunnelCommand
import TunnelRuntime

@Suite struct TunnelSettingsTests {
    private static let goodKey = "--key=a key that is long enough"

    private func client(_ arguments: [String]) throws -> ClientSettings {
        try ClientSettings(ClientOptions.parse([Self.goodKey] + arguments))
    }

    private func problems(_ arguments: [String]) -> [String] {
        do {
            _ = try self.client(arguments)
            return []
        } catch let error as ConfigurationError {
            #expect(error.exitStatus == 78)
            return error.problems.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `the defaults with a good key are fine`() throws {
        let settings = try self.client([])
        #expect(settings.warnings.isEmpty)
        #expect(settings.listenAddress == .tcp(host: "", port: 12948))
        #expect(settings.serverAddresses.map(\.host) == ["vps"])
        #expect(settings.noDelay == NoDelayParameters(0, 30, 2, 1))
    }

    @Test(arguments: [
        (["--crypt=aes256"], #"--crypt "aes256" is no known cipher: use one of aes, aes-128, "#),
        (["--crypt", ""], #"--crypt "" is no known cipher"#),
        (["--crypt=AES"], #"--crypt "AES" is no known cipher"#),
        (["--mode=turbo"], #"--mode "turbo" is no known mode: use one of normal, fast, fast2, fast3, manual"#),
        (["--mode=default"], "the original takes unknown names for manual"),
        (["--cc=bbr"], #"--cc "bbr": use off, auto or fixed:N with N in Mbit/s"#),
        (["--cc=fixed:0"], #"--cc "fixed:0""#),
        (["--smuxver=0"], "--smuxver 0 is out of range: use 1 or 2"),
        (["--smuxver=3"], "--smuxver 3 is out of range: use 1 or 2"),
        (["--keepalive=0"], "--keepalive 0 is out of range: use 1 to 30 (it must not be above --keepalivetimeout)"),
        (["--keepalive=-1"], "--keepalive -1 is out of range"),
        (["--keepalive=31"], "--keepalive 31 is out of range"),
        (["--keepalive=20", "--keepalivetimeout=15"], "use 1 to 15 (it must not be above --keepalivetimeout)"),
        (["--keepalivetimeout=0"], "--keepalivetimeout 0 is out of range: use 1 to 86400"),
        (["--conn=0"], "--conn 0 is out of range: use 1 to 65535"),
        (["--QPP", "--QPPCount=0"], "--QPPCount 0 is out of range"),
        (["--QPP", "--QPPCount=131072"], "--QPPCount 131072 is a multiple of 65536"),
        (["--datashard=-1"], "--datashard -1 is out of range: use 0 to 256"),
        (["--parityshard=-1"], "--parityshard -1 is out of range"),
        (["--datashard=200", "--parityshard=57"], "--datashard 200 and --parityshard 57 are more than 256 together"),
        (["--mtu=49"], "--mtu 49 leaves no room for data beside the headers of crypt aes: use 53 or more"),
        (["--mtu=52"], "use 53 or more"),
        (["--mtu=60", "--crypt=aes-128-gcm"], "use 61 or more"),
        (["--mtu=49", "--crypt=null", "--datashard=0"], "use 50 or more"),
        (["--sndwnd=0"], "--sndwnd 0 is out of range: use 1 or more"),
        (["--rcvwnd=-5"], "--rcvwnd -5 is out of range"),
        (["--framesize=0"], "--framesize 0 is out of range: use 1 to 65535"),
        (["--framesize=65536"], "--framesize 65536 is out of range"),
        (["--smuxbuf=0", "--streambuf=0"], "--smuxbuf 0 is out of range"),
        (["--smuxbuf=2147483648"], "--smuxbuf 2147483648 is out of range: use 1 to 2147483647"),
        (["--smuxbuf=1000", "--streambuf=1001"], "--streambuf 1001 is larger than --smuxbuf 1000"),
        (["--conn=9223372036854775807"], "is out of range: use 1 to 65535"),
        (["--dscp=64"], "--dscp 64 is out of range: use 0 to 63"),
        (["--dscp=-1"], "--dscp -1 is out of range"),
        (["--sockbuf=0"], "--sockbuf 0 is out of range: use 1 or more"),
        (["--metrics=9100"], "--metrics \"9100\" is no address to listen on: use host:port, such as 127.0.0.1:9100"),
        (["--metrics=/run/kcptun.sock"], "is no address to listen on"),
        (["--metrics=:http"], "is no address to listen on"),
        (["--localaddr", ""], "--localaddr: the address is empty"),
        (["--localaddr=:http"], "--localaddr: \":http\" has the port \"http\""),
        (["--remoteaddr=vps"], "--remoteaddr: malformed address:vps"),
        (["--remoteaddr=a:1,vps,b:2"], #"--remoteaddr: "vps" in the list: malformed address:vps"#),
        (["--remoteaddr=vps:9-8"], "--remoteaddr: invalid port range specified: minport:9 -> maxport 8"),
    ])
    func `what cannot work is refused with what to change`(arguments: [String], text: String) {
        let problems = self.problems(arguments)
        #expect(problems.contains { $0.contains(text) }, "\(problems)")
    }

    @Test(arguments: [
        ["--keepalive=29"], ["--keepalive=150", "--keepalivetimeout=180"], ["--smuxver=1"], ["--mtu=53"],
        ["--mtu=61", "--crypt=aes-128-gcm"], ["--mtu=1500"],
        ["--mtu=50", "--crypt=null", "--datashard=0"], ["--datashard=200", "--parityshard=56"],
        ["--datashard=256", "--parityshard=0"], ["--datashard=0", "--parityshard=0"], ["--rcvwnd=65535"],
        ["--QPPCount=0"],
        ["--smuxbuf=1000", "--streambuf=1000", "--framesize=65535"], ["--dscp=63"], ["--mode=manual"],
        ["--scavengettl=-1"],
        ["--localaddr=/tmp/x"], ["--remoteaddr=[::1]:1-2"],
        ["--remoteaddr=a:1,b:2"], ["--closewait=-1"], ["--pprof"], ["--metrics", ""],
        ["--metrics=:9100"], ["--metrics=127.0.0.1:0"], ["--metrics=[::1]:9100", "--pprof"],
    ])
    func `the edges of what works are accepted`(arguments: [String]) {
        #expect(self.problems(arguments) == [])
    }

    @Test func `a server without a port in a list is not dropped in silence`() throws {
        let warnings = try self.client(["--remoteaddr=a:1,b"]).warnings.map(\.description)
        #expect(warnings.contains { $0.hasPrefix("of remoteaddr only a:1 is used") })
        #expect(try self.client(["--remoteaddr=a:1,b:2"]).warnings.isEmpty)
    }

    @Test func `what is longer than anybody lives is for ever`() throws {
        let long = ["--autoexpire", "--scavengettl", "--closewait"].map { "\($0)=\(Int.max)" }
        let settings = try self.client(long)
        let sessions = settings.options.sessions
        #expect([sessions.expirySeconds, sessions.scavengeSeconds] == [1_000_000_000, 1_000_000_000])
        #expect(settings.options.closing.closeWaitSeconds == 1_000_000_000)
    }

    @Test(arguments: CipherSuite.allCases)
    func `every cipher is accepted`(cipher: CipherSuite) {
        #expect(self.problems(["--crypt=\(cipher.name)"]) == [])
    }

    @Test func `everything that is wrong is told at once`() throws {
        let arguments = ["--conn=0", "--crypt=x", "--mode=y", "--mtu=1", "--smuxver=9", "--remoteaddr=z"]
        #expect(self.problems(arguments).count == 6)
        let error = try #require(throws: ConfigurationError.self) { try self.client(arguments) }
        #expect(error.description.split(separator: "\n").count == 6)
    }

    @Test func `sizes that are too large are cut, with a warning`() throws {
        let settings = try self.client(["--mtu=9000", "--rcvwnd=65536", "--ratelimit=-5"])
        #expect(settings.options.shared.link.mtu == 1500)
        #expect(settings.options.windows.receiveWindow == 65535)
        #expect(settings.options.shared.link.rateLimit == 0)
        #expect(settings.warnings == [.mtuClamped(9000), .negativeRateLimit(-5), .receiveWindowClamped(65536)])
    }

    @Test(
        arguments: [
            (["--key=it's a secrect"], [.publicKey]),
            (["--key=eleven char"], [.shortKey(characterCount: 11)]),
            (["--key=twelve chars"], []),
            (["--key", ""], [.shortKey(characterCount: 0)]),
            (["--crypt=none"], [.brokenCipher(.none)]),
            (["--crypt=null"], [.brokenCipher(.null)]),
            (["--crypt=xor"], [.brokenCipher(.xor)]),
            (["--crypt=tea"], [.brokenCipher(.tea)]),
            (["--crypt=xtea"], []),
            (["--autoexpire=600"], []),
            (["--autoexpire=599"], [.scavengeExceedsExpiry]),
            (["--autoexpire=0", "--scavengettl=9"], []),
            (["--keepalive=30"], [.keepAliveEqualsTimeout(30)]),
            (["--keepalive=30", "--keepalivetimeout=31"], []),
            (["--keepalivetimeout=10"], [.keepAliveEqualsTimeout(10)]),
            (["--snmplog=x", "--snmpperiod=0"], [.counterLogWithoutPeriod(0)]),
            (["--snmpperiod=0"], []),
            (["--QPPCount=8"], []),
            (["--QPP"], [.keyTooShortForPermutation(byteCount: 25)]),
            (["--QPP", "--QPPCount=8"], [.keyTooShortForPermutation(byteCount: 25), .evenPadCount(8)]),
            (["--QPP", "--QPPCount=6"], [.keyTooShortForPermutation(byteCount: 25), .fewPads(6), .evenPadCount(6)]),
            (["--QPP", "--key=" + String(repeating: "é", count: 106)], []),
            (["--QPP", "--key=" + String(repeating: "k", count: 210)], [.keyTooShortForPermutation(byteCount: 210)]),
        ] as [([String], [ConfigurationWarning])])
    func `what is doubtful is warned of`(arguments: [String], warnings: [ConfigurationWarning]) throws {
        #expect(try self.client(arguments).warnings == warnings)
    }

    #if os(Linux)
        @Test(
            arguments: [
                (["--mtu=1428"], []), (["--mtu=1429"], [.segmentsTooLong(mtu: 1429)]),
                (["--mtu=9000"], [.mtuClamped(9000), .segmentsTooLong(mtu: 1500)]),
            ] as [([String], [ConfigurationWarning])])
        func `a disguise makes packets longer`(arguments: [String], warnings: [ConfigurationWarning]) throws {
            #expect(try self.client(arguments + ["--tcp"]).warnings == warnings)
        }
    #else
        @Test func `there is no disguise on this system`() {
            #expect(self.problems(["--tcp"]).first?.hasPrefix("--tcp works on Linux only") == true)
        }
    #endif

    @Test func `a server is checked like a client`() throws {
        let settings = try ServerSettings(ServerOptions.parse([Self.goodKey, "--target=/tmp/x", "--listen=:1-3"]))
        #expect(settings.targetAddress == .unix(path: "/tmp/x"))
        #expect(settings.listenAddress.ports == 1...3)
        #expect(settings.warnings.isEmpty)
        let error = try #require(throws: ConfigurationError.self) {
            try ServerSettings(ServerOptions.parse(["--listen=x", "--target=:y", "--mtu=1"]))
        }
        #expect(error.problems.count == 3)
        #expect(error.problems.first == .address(flag: "listen", .malformed("x")))
    }

    /// A client decides whether there are shard headers, if the server follows it.
    @Test(arguments: [([], 61), (["--strict"], 53)])
    func `a server's least mtu has room for what a client may add`(arguments: [String], least: Int) throws {
        let common =
            [Self.goodKey, "--target=/tmp/x", "--listen=:1", "--crypt=aes-128-gcm", "--datashard=0"] + arguments
        _ = try ServerSettings(ServerOptions.parse(common + ["--mtu=\(least)"]))
        let error = try #require(throws: ConfigurationError.self) {
            try ServerSettings(ServerOptions.parse(common + ["--mtu=\(least - 1)"]))
        }
        #expect(error.problems == [.mtuTooSmall(least - 1, least: least, crypt: "aes-128-gcm")])
    }
}
