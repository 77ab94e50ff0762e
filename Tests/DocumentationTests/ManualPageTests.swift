import ArgumentParser
import Testing
import TunnelCommand

@Suite struct ManualPageTests {
    /// The terms of a page, without markup.
    private static func terms(_ page: String) -> Set<String> {
        let lines = page.split(separator: "\n")
        let terms = zip(lines, lines.dropFirst()).filter { $0.0 == ".TP" }.map { String($0.1) }
        let plain = terms.map { term in
            ["\\fB", "\\fR"].reduce(term) { $0.replacing($1, with: "") }.replacing("\\-", with: "-")
        }
        return Set(plain.flatMap { $0.split(separator: ", ").map { String($0.prefix { $0 != " " }) } })
    }

    @Test(arguments: TunnelProgram.allCases)
    func `every flag is in the page under each of its names`(program: TunnelProgram) {
        let terms = Self.terms(GenerateCommand.text(of: .manual, for: program.name))
        for name in program.flags.flatMap(\.names) { #expect(terms.contains("-\(name)"), "\(name)") }
    }

    @Test(arguments: TunnelProgram.allCases)
    func `a page has no flag that the program has not`(program: TunnelProgram) {
        let names = Set(program.flags.flatMap(\.names).map { "-\($0)" })
        let terms = Self.terms(GenerateCommand.text(of: .manual, for: program.name)).filter { $0.hasPrefix("-") }
        #expect(terms.subtracting(names).isEmpty)
    }

    @Test func `every subcommand that the help shows is in the page of kcptun`() {
        let page = GenerateCommand.text(of: .manual, for: .kcptun)
        for subcommand in KcptunCommand.configuration.subcommands where subcommand.configuration.shouldDisplay {
            #expect(page.contains(".SS kcptun \(subcommand.configuration.commandName ?? "?")"))
        }
    }

    @Test(.enabled(if: Tool.isInstalled("groff")), arguments: GenerateCommand.ProgramName.allCases)
    func `groff has nothing to complain about`(program: GenerateCommand.ProgramName) throws {
        let page = GenerateCommand.text(of: .manual, for: program)
        let result = try Tool.run("groff", ["-man", "-ww", "-z"], input: page)
        #expect(result.output.isEmpty)
        #expect(result.status == 0)
    }

    @Test func `what roff would take for its own is escaped`() throws {
        let page = GenerateCommand.text(of: .manual, for: .client)
        let requests = page.split(separator: "\n").filter { $0.hasPrefix(".") || $0.hasPrefix("'") }
        let known = [".TH", ".SH", ".SS", ".PP", ".TP", ".RS", ".RE", ".nf", ".fi", ".br"]
        #expect(requests.allSatisfy { request in known.contains { request.hasPrefix($0) } })
        #expect(page.contains("it's a secrect"))
    }
}
