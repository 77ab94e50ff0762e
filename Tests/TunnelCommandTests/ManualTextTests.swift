import Testing
import TunnelCore

@testable import TunnelCommand

@Suite struct ManualTextTests {
    /// The words of a command as a shell reads them, without the program.
    private static func arguments(_ command: String) -> [String] {
        let pieces = command.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        let words = pieces.flatMap { index, piece in
            index.isMultiple(of: 2) ? piece.split { $0.isWhitespace || $0 == "\\" }.map(String.init) : [String(piece)]
        }
        return Array(words.dropFirst())
    }

    private static func warnings<P: Program>(_: P.Type, _ command: String) throws -> [ConfigurationWarning] {
        let request = try OptionReader<P.Options>(environment: [:]).read(Self.arguments(command))
        guard case .run(let loaded) = request else { throw UsageError.badSyntax("not run") }
        return try ProgramState<P>(loaded).settings.warnings
    }

    @Test(arguments: [TunnelRole.client, .server])
    func `nobody is warned of the examples`(role: TunnelRole) throws {
        for (_, command) in ManualText.examples(role) {
            let warnings =
                switch role {
                case .client: try Self.warnings(ClientProgram.self, command)
                case .server: try Self.warnings(ServerProgram.self, command)
                }
            #expect(warnings.isEmpty, "\(command)")
        }
    }
}
