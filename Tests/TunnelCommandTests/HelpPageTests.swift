import Testing
import TunnelCommand

@Suite struct HelpPageTests {
    @Test func `the programs are named`() {
        #expect(ClientOptions.helpPage().contains("USAGE: kcptun-client <options>"))
        #expect(ServerOptions.helpPage().contains("USAGE: kcptun-server <options>"))
    }

    @Test func `addresses come first and every option has a heading`() {
        let headings = ServerOptions.helpPage(columns: 100).split(separator: "\n").filter { line in
            line.hasSuffix(":") && line.first != " "
        }
        #expect(headings == ["ADDRESSES:", "SECRECY:", "LINK:", "CONNECTIONS:", "REPORTS:", "OPTIONS:"])
    }

    @Test func `defaults are those of the program`() {
        #expect(ClientOptions.helpPage(columns: 200).contains("(default: 512)"))
        #expect(!ServerOptions.helpPage(columns: 200).contains("(default: 512)"))
        #expect(ServerOptions.helpPage(columns: 200).contains("(default: 30)"))
    }

    @Test func `help and version are shown`() {
        #expect(ClientOptions.helpPage().contains("-h, --help"))
        #expect(ClientOptions.helpPage().contains("--version"))
    }

    @Test(arguments: [ClientOptions.helpPage(columns: 80), ServerOptions.helpPage(columns: 80)])
    func `no line is wider than a terminal`(page: String) {
        #expect(page.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func `closewait is about connections`() throws {
        let sections = ServerOptions.helpPage(columns: 80).split(separator: "\n\n")
        let connections = try #require(sections.first { $0.hasPrefix("CONNECTIONS:") })
        #expect(connections.contains("--closewait <seconds>"))
    }
}
