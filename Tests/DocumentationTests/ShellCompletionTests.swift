import Testing
import TunnelCommand

@Suite struct ShellCompletionTests {
    /// What bash offers for the last of some words.
    private static func offers(_ program: TunnelProgram, _ words: [String]) throws -> Set<String> {
        let all = [program.rawValue] + words
        let script =
            GenerateCommand.text(of: .bash, for: program.name)
                + """
                COMP_WORDS=(\(all.map { "'\($0)'" }.joined(separator: " ")))
                COMP_CWORD=\(all.count - 1)
                \(program == .client ? "_kcptun_client" : "_kcptun_server")
                printf '%s\\n' "${COMPREPLY[@]}"
                """
        let result = try Tool.run("bash", ["-eu"], input: script)
        #expect(result.status == 0, "\(result.output)")
        return Set(result.output.split(separator: "\n").map(String.init))
    }

    @Test(
        arguments: [
            (.client, ["-mt"], ["-mtu"]),
            (.client, ["--mt"], ["--mtu"]),
            (.server, ["-t"], ["-t", "-target", "-tcp"]),
            (.client, ["-crypt", "aes-1"], ["aes-128", "aes-128-gcm", "aes-192"]),
            (.client, ["--mode", "fast"], ["fast", "fast2", "fast3"]),
            (.client, ["-smuxver", ""], ["1", "2"]),
            (.client, ["-mtu", ""], []),
            (.client, ["-nocomp", "--qu"], ["--quiet"]),
            (.server, ["-c", "/etc/host"], ["/etc/hosts", "/etc/hostname", "/etc/host.conf"]),
        ] as [(TunnelProgram, [String], Set<String>)])
    func `bash offers what fits`(program: TunnelProgram, words: [String], offers: Set<String>) throws {
        let found = try Self.offers(program, words)
        // Which files there are depends on the machine.
        if words.first == "-c" { #expect(!found.isDisjoint(with: offers)) } else { #expect(found == offers) }
    }

    @Test(arguments: TunnelProgram.allCases)
    func `bash offers every flag of the help with one dash and with two`(program: TunnelProgram) throws {
        let names = program.shownFlags.flatMap(\.names)
        #expect(try Self.offers(program, ["-"]) == Set(names.map { "-\($0)" }))
        #expect(try Self.offers(program, ["--"]) == Set(names.filter { $0.count > 1 }.map { "--\($0)" }))
    }

    @Test(arguments: TunnelProgram.allCases, [GenerateCommand.Document.zsh, .fish])
    func `zsh and fish know every flag of the help`(program: TunnelProgram, shell: GenerateCommand.Document) {
        let script = GenerateCommand.text(of: shell, for: program.name)
        for name in program.shownFlags.map(\.name) {
            let spelling = shell == .zsh ? "--\(name)" : "-l \(name)"
            #expect(
                script.contains(name.count == 1 ? (shell == .zsh ? "-\(name)" : "-s \(name)") : spelling), "\(name)")
        }
    }

    @Test(
        arguments: GenerateCommand.ProgramName.allCases,
        [GenerateCommand.Document.bash, .zsh, .fish].filter { Tool.isInstalled($0.rawValue) })
    func `the shell can read its script`(program: GenerateCommand.ProgramName, shell: GenerateCommand.Document) throws {
        let arguments = shell == .fish ? ["--no-execute"] : ["-n"]
        let result = try Tool.run(shell.rawValue, arguments, input: GenerateCommand.text(of: shell, for: program))
        #expect(result.status == 0, "\(result.output)")
    }
}
