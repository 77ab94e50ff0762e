import Testing
import TunnelCommand

/// The page for people who come from the Go program leaves nothing out.
@Suite struct MigrationPageTests {
    private static let page = (try? Repository.text("docs/migration.md")) ?? ""

    /// The names between backquotes in the first column of the tables.
    private static let names = Set(
        page.split(separator: "\n").filter { $0.hasPrefix("| ") }.flatMap { row in
            let cell = row.dropFirst(2).prefix { $0 != "|" }
            return cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .compactMap { $0.isMultiple(of: 2) ? nil : String($1) }
        })

    @Test(arguments: TunnelProgram.allCases)
    func `every flag has a row, under each of its names`(program: TunnelProgram) {
        for name in program.flags.flatMap(\.names) { #expect(Self.names.contains("-\(name)"), "\(name)") }
    }

    /// The flags of the newest Go programs (protocol 06 §2) and of the older ones (07 §4).
    @Test(
        arguments: """
            localaddr remoteaddr listen target key crypt mode QPP QPPCount conn autoexpire scavengettl mtu ratelimit sndwnd \
            rcvwnd datashard parityshard dscp nocomp acknodelay nodelay interval resend nc sockbuf smuxver smuxbuf framesize \
            streambuf keepalive closewait snmplog snmpperiod log quiet tcp pprof c help version
            """.split(separator: " ").map(String.init))
    func `every flag of the original has a row, and we have it`(name: String) {
        #expect(Self.names.contains("-\(name)"))
        #expect(TunnelProgram.allCases.flatMap(\.flags).contains { $0.name == name })
    }

    @Test(arguments: TunnelProgram.allCases)
    func `a key that is not the flag's name is named`(program: TunnelProgram) {
        for flag in program.flags where flag.configurationKey != flag.name {
            guard let key = flag.configurationKey else { continue }
            #expect(Self.page.contains("JSON key `\(key)`"), "\(flag.name)")
        }
    }

    @Test(arguments: ["KCPTUN_KEY"] + PluginEnvironment.Variable.allCases.map(\.rawValue))
    func `every variable has a row`(name: String) { #expect(Self.names.contains(name)) }

    @Test(arguments: ["SIGTERM", "SIGINT", "SIGUSR1", "SIGHUP", "SIGPIPE"])
    func `every signal has a row`(name: String) {
        #expect(Self.page.split(separator: "\n").contains { $0.hasPrefix("| SIG") && $0.contains(name) })
    }
}
