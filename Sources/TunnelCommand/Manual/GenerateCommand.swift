package import ArgumentParser

/// `kcptun generate`.
package struct GenerateCommand: ParsableCommand {
    /// What can be generated.
    package enum Document: String, CaseIterable, ExpressibleByArgument, Sendable { case manual, bash, zsh, fish }

    /// The programs that there is something to say about.
    package enum ProgramName: String, CaseIterable, ExpressibleByArgument, Sendable {
        case kcptun
        case client = "kcptun-client"
        case server = "kcptun-server"
    }

    package static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Print a manual page, or completions for a shell.",
        discussion: "For example: source <(kcptun generate bash kcptun-client)")

    @Argument(help: "manual, bash, zsh or fish")
    var document: Document

    @Argument(help: "kcptun, kcptun-client or kcptun-server")
    var program: ProgramName

    package init() {}

    package func run() { print(Self.text(of: self.document, for: self.program), terminator: "") }

    /// The document.
    package static func text(of document: Document, for program: ProgramName) -> String {
        switch program {
        case .kcptun: self.toolText(of: document)
        case .client: self.programText(of: document, ClientOptions.self)
        case .server: self.programText(of: document, ServerOptions.self)
        }
    }

    private static func toolText(of document: Document) -> String {
        guard document != .manual else { return ToolManual.text }
        guard let shell = CompletionShell(rawValue: document.rawValue) else {
            preconditionFailure("the argument parser knows all shells that we know")
        }
        return KcptunCommand.completionScript(for: shell) + "\n"
    }

    private static func programText<Options: TunnelOptions>(of document: Document, _: Options.Type) -> String {
        ShellCompletion.Shell(rawValue: document.rawValue).map { ShellCompletion.script(for: $0, of: Options.self) }
            ?? ProgramManual.text(of: Options.self)
    }
}
