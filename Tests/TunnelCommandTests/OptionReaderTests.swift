import ArgumentParser
import Testing
import TunnelCommand

@Suite struct OptionReaderTests {
    private func client(
        _ arguments: [String], file: String = "{}", environment: [String: String] = [:]
    ) throws -> LoadedOptions<ClientOptions> {
        let reader = OptionReader<ClientOptions>(environment: environment) { _ throws(FileError) in Array(file.utf8) }
        guard case .run(let loaded) = try reader.read(arguments) else { throw UsageError.badSyntax("not run") }
        return loaded
    }

    @Test func `the client's defaults are the original's`() throws {
        let options = try self.client([]).options
        #expect(options.addresses.local == ":12948")
        #expect(options.addresses.remote == "vps:29900")
        #expect(
            [options.sessions.count, options.sessions.expirySeconds, options.sessions.scavengeSeconds] == [1, 0, 600])
        let windows = options.windows
        #expect([windows.sendWindow, windows.receiveWindow, options.closing.closeWaitSeconds] == [128, 512, 0])
        self.expectSharedDefaults(options.shared)
    }

    @Test func `the server's defaults are the original's`() throws {
        let options = try ServerOptions.parse([])
        #expect(options.addresses.listen == ":29900")
        #expect(options.addresses.target == "127.0.0.1:12948")
        let windows = options.windows
        #expect([windows.sendWindow, windows.receiveWindow, options.closing.closeWaitSeconds] == [1024, 1024, 30])
        self.expectSharedDefaults(options.shared)
    }

    private func expectSharedDefaults(_ shared: SharedOptions) {
        let (secrecy, link, streams, reports) = (shared.secrecy, shared.link, shared.streams, shared.reports)
        #expect([secrecy.key, secrecy.crypt, link.mode] == ["it's a secrect", "aes", "fast"])
        #expect(secrecy.permutationPadCount == 61)
        #expect([link.mtu, link.rateLimit, link.dataShards, link.parityShards, link.dscp] == [1350, 0, 10, 3, 0])
        #expect(link.socketBufferByteCount == 4_194_304)
        #expect([link.noDelay, link.interval, link.resend, link.noCongestionControl] == [0, 50, 0, 0])
        #expect([streams.smuxVersion, streams.frameByteCount, streams.keepAliveSeconds] == [2, 8192, 10])
        #expect([streams.sessionBufferByteCount, streams.streamBufferByteCount] == [4_194_304, 2_097_152])
        #expect([reports.counterLogPath, reports.logPath, shared.configurationPath] == ["", "", ""])
        #expect(reports.counterLogSeconds == 60)
        let booleans = [
            secrecy.usesPermutationPads, link.disguisesAsTCP, link.acknowledgesImmediately, streams.disablesCompression,
            reports.isQuiet, reports.servesProfiles,
        ]
        #expect(!booleans.contains(true))
    }

    @Test func `every flag reaches its option`() throws {
        let words = """
            -l :1 -r h:2 -key k -crypt sm4 -mode fast3 -QPP -QPPCount 7 -conn 2 -autoexpire 3 -scavengettl -1 \
            -mtu 1400 -ratelimit 5 -sndwnd 6 -rcvwnd 8 -ds 9 -ps 10 -dscp 11 -nocomp -acknodelay \
            -nodelay 1 -interval 12 \
            -resend 13 -nc 14 -sockbuf 15 -smuxver 1 -smuxbuf 16 -framesize 17 -streambuf 18 \
            -keepalive 19 -keepalivetimeout 22 -closewait 20 \
            -snmplog s -snmpperiod 21 -log g -quiet -tcp -pprof -metrics :9
            """.split(separator: " ").map(String.init)
        let options = try self.client(words).options
        let (secrecy, link) = (options.shared.secrecy, options.shared.link)
        let (streams, reports) = (options.shared.streams, options.shared.reports)
        let sessions = options.sessions
        #expect([options.addresses.local, options.addresses.remote] == [":1", "h:2"])
        #expect([secrecy.key, secrecy.crypt, link.mode] == ["k", "sm4", "fast3"])
        #expect(
            [secrecy.permutationPadCount, sessions.count, sessions.expirySeconds, sessions.scavengeSeconds] == [
                7, 2, 3, -1,
            ])
        #expect(
            [link.mtu, link.rateLimit, options.windows.sendWindow, options.windows.receiveWindow] == [1400, 5, 6, 8])
        #expect([link.dataShards, link.parityShards, link.dscp, link.noDelay, link.interval] == [9, 10, 11, 1, 12])
        #expect([link.resend, link.noCongestionControl, link.socketBufferByteCount] == [13, 14, 15])
        #expect([streams.smuxVersion, streams.sessionBufferByteCount, streams.frameByteCount] == [1, 16, 17])
        #expect(
            [streams.streamBufferByteCount, streams.keepAliveSeconds, options.closing.closeWaitSeconds] == [18, 19, 20])
        #expect([reports.counterLogPath, reports.logPath, reports.metricsAddress] == ["s", "g", ":9"])
        #expect(reports.counterLogSeconds == 21)
        #expect(streams.keepAliveTimeoutSeconds == 22)
        let booleans = [
            secrecy.usesPermutationPads, link.disguisesAsTCP, link.acknowledgesImmediately, streams.disablesCompression,
            reports.isQuiet, reports.servesProfiles,
        ]
        #expect(!booleans.contains(false))
    }

    @Test(
        arguments: [
            ([], [:], "{}", "it's a secrect"),
            ([], ["KCPTUN_KEY": "environment"], "{}", "environment"),
            ([], ["KCPTUN_KEY": ""], "{}", ""),
            (["-key", "line"], ["KCPTUN_KEY": "environment"], "{}", "line"),
            (["-key", ""], ["KCPTUN_KEY": "environment"], "{}", ""),
            (["-key", "line"], ["KCPTUN_KEY": "environment"], #"{"key": "file"}"#, "file"),
            ([], ["KCPTUN_KEY": "environment"], #"{"key": ""}"#, ""),
            (["-key", "line"], [:], #"{"key": null}"#, "line"),
            (["-key", "-a=b c"], [:], "{}", "-a=b c"),
        ] as [([String], [String: String], String, String)])
    func `the file comes before the command line before the environment before the default`(
        arguments: [String], environment: [String: String], file: String, key: String
    ) throws {
        let loaded = try self.client(arguments + ["-c", "x.json"], file: file, environment: environment)
        #expect(loaded.options.shared.secrecy.key == key)
    }

    @Test(arguments: ["-", "--", "---", "-=", "-=a", "--=a", "-c", "--mtu=9", "-=-", "=", "-a=b c"])
    func `a value is taken as it stands, whatever option it looks like`(text: String) throws {
        #expect(try self.client(["-key", text, "-c", "f"]).options.shared.secrecy.key == text)
        #expect(try self.client(["-c", "f"], file: "{\"key\": \"\(text)\"}").options.shared.secrecy.key == text)
        #expect(try self.client(["-key=\(text)", "-log", text, "-c", "f"]).options.shared.reports.logPath == text)
    }

    @Test func `a file overrides with false, zero and empty values, whatever name the command line used`() throws {
        let loaded = try self.client(
            ["-nocomp", "-l", ":1", "-ds", "5", "-autoexpire", "9", "-log", "x", "-c", "f"],
            file: #"{"NoComp": false, "localaddr": "", "datashard": 0, "autoexpire": 0, "log": ""}"#)
        let options = loaded.options
        #expect(!options.shared.streams.disablesCompression)
        #expect([options.addresses.local, options.shared.reports.logPath] == ["", ""])
        #expect([options.shared.link.dataShards, options.sessions.expirySeconds] == [0, 0])
    }

    @Test func `unknown keys and ignored words are reported`() throws {
        let loaded = try self.client(["-c", "f", "word", "-mtu"], file: #"{"listen": 1, "mtu": 1200, "x": {}}"#)
        #expect(loaded.unknownKeys == ["listen", "x"])
        #expect(loaded.ignoredWords == ["word", "-mtu"])
        #expect(loaded.options.shared.link.mtu == 1200)
        #expect(loaded.arguments == ["-c", "f", "--mtu", "1200"])
    }

    @Test func `no file is read unless it is asked for`() throws {
        #expect(try self.client(["-c", ""], file: "not JSON").options.shared.link.mtu == 1350)
        #expect(try self.client([], file: "not JSON").options.shared.link.mtu == 1350)
    }

    @Test(arguments: [["-h"], ["-v"]])
    func `help and version do not need a file`(words: [String]) throws {
        let reader = OptionReader<ServerOptions>(environment: [:]) { _ throws(FileError) in
            throw FileError(operation: "open", path: "f", code: 2)
        }
        switch try reader.read(words + ["-c", "f"]) {
        case .help: #expect(words == ["-h"])
        case .version: #expect(words == ["-v"])
        case .run: Issue.record("ran")
        }
    }

    @Test func `a file that is not there is named`() {
        let error = #expect(throws: OptionError.self) {
            try OptionReader<ClientOptions>(environment: [:]).read(["-c", "/nonexistent/x.json"])
        }
        #expect(
            error?.description
                == "configuration file /nonexistent/x.json: cannot be read: No such file or directory")
        #expect(error?.exitStatus == 78)
    }

    @Test func `a usage error ends with 64`() {
        let error = #expect(throws: OptionError.self) {
            try OptionReader<ClientOptions>(environment: [:]).read(["-mtu", "abc"])
        }
        #expect(error?.exitStatus == 64)
        #expect(
            error?.description.hasPrefix(#"Incorrect Usage. invalid value "abc" for flag -mtu: parse error"#) == true)
    }
}
