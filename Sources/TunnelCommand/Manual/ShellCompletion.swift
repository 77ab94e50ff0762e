/// What a shell needs to complete the command line of one of the two programs, whose flags may have one dash or two;
/// the argument parser's own scripts know only one spelling.
enum ShellCompletion {
    /// The shells that there are scripts for.
    enum Shell: String, CaseIterable, Sendable { case bash, zsh, fish }

    /// The script for a shell.
    static func script<Options: TunnelOptions>(for shell: Shell, of _: Options.Type) -> String {
        let flags = FlagDescription.flags(of: Options.self)
        return switch shell {
        case .bash: self.bash(Options.programName, flags)
        case .zsh: self.zsh(Options.programName, flags)
        case .fish: self.fish(Options.programName, flags)
        }
    }

    // MARK: bash

    private static func bash(_ program: String, _ flags: [FlagDescription]) -> String {
        let function = "_" + program.map { $0 == "-" ? "_" : String($0) }.joined()
        let spellings = flags.filter { !$0.isHidden }.flatMap(\.spellings)
        let oneDash = spellings.filter { !$0.hasPrefix("--") }.joined(separator: " ")
        let twoDashes = spellings.filter { $0.hasPrefix("--") }.joined(separator: " ")
        return """
            # bash completion for \(program)
            \(function)() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
                COMPREPLY=()
                previous=${previous#-}
                case ${previous#-} in
            \(Self.bashCases(flags).joined(separator: "\n"))
                esac
                case $current in
                --*) mapfile -t COMPREPLY < <(compgen -W '\(twoDashes)' -- "$current") ;;
                *) mapfile -t COMPREPLY < <(compgen -W '\(oneDash)' -- "$current") ;;
                esac
            }
            complete -F \(function) \(program)

            """
    }

    /// What follows flags with a value: words to choose from, a file, or something that nobody can guess.
    private static func bashCases(_ flags: [FlagDescription]) -> [String] {
        let names = { (flags: [FlagDescription]) in flags.flatMap(\.names).joined(separator: " | ") }
        let offer = { (names: String, source: String) in
            "    \(names)) mapfile -t COMPREPLY < <(compgen \(source) -- \"$current\"); return ;;"
        }
        let valued = flags.filter { $0.valueName != nil }
        let listed = valued.filter { $0.completion?.list != nil }
        let files = valued.filter { $0.completion?.file != nil }
        let others = valued.filter { $0.completion?.list == nil && $0.completion?.file == nil }
        return listed.map { offer(names([$0]), "-W '\($0.completion?.list?.values.joined(separator: " ") ?? "")'") }
            + [offer(names(files), "-f"), "    \(names(others))) return ;;"]
    }

    // MARK: zsh

    private static func zsh(_ program: String, _ flags: [FlagDescription]) -> String {
        let specifications = flags.filter { !$0.isHidden }.map(Self.zshSpecification)
        return """
            #compdef \(program)
            _arguments \\
            \(specifications.map { "    \($0)" }.joined(separator: " \\\n"))

            """
    }

    private static func zshSpecification(_ flag: FlagDescription) -> String {
        let names = flag.spellings
        let summary = Self.escaped(flag.summary, "[]\\:", by: "\\").replacing("'", with: "'\\''")
        let value = flag.valueName.map { ":\(Self.escaped($0, ":", by: "\\")):\(Self.zshAction(flag))" } ?? ""
        let spellings = names.count == 1 ? names[0] : "'{\(names.joined(separator: ","))}'"
        return "'(\(names.joined(separator: " ")))\(spellings)[\(summary)]\(value)'"
    }

    private static func zshAction(_ flag: FlagDescription) -> String {
        if let list = flag.completion?.list { return "(\(list.values.joined(separator: " ")))" }
        return flag.completion?.file != nil ? "_files" : " "
    }

    // MARK: fish

    private static func fish(_ program: String, _ flags: [FlagDescription]) -> String {
        let lines = flags.filter { !$0.isHidden }.map { "complete -c \(program) \(Self.fishOptions($0))" }
        return "# fish completion for \(program)\ncomplete -c \(program) -f\n\(lines.joined(separator: "\n"))\n"
    }

    private static func fishOptions(_ flag: FlagDescription) -> String {
        let names = flag.names.map { $0.count == 1 ? "-s \($0)" : "-o \($0) -l \($0)" }
        var options = names + ["-d '\(Self.escaped(flag.summary, "'\\", by: "\\"))'"]
        if let list = flag.completion?.list {
            options.append("-x -a '\(list.values.joined(separator: " "))'")
        } else if flag.completion?.file != nil {
            options.append("-r -F")
        } else if flag.valueName != nil {
            options.append("-x")
        }
        return options.joined(separator: " ")
    }

    private static func escaped(_ text: String, _ characters: String, by mark: String) -> String {
        text.map { characters.contains($0) ? mark + String($0) : String($0) }.joined()
    }
}
