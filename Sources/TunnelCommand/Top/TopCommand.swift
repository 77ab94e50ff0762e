package import ArgumentParser
import TunnelReporting
import TunnelRuntime

/// `kcptun top`.
package struct TopCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Watch a running kcptun-client or kcptun-server.",
        discussion: """
            The program must have been started with --metrics, or with --pprof. On a terminal the figures are shown anew \
            each second: q quits, the arrow keys move through the sessions. Otherwise one report is printed.
            """)

    @Argument(
        help: .init("What the program was given as --metrics, such as 127.0.0.1:9100 or :9100.", valueName: "address"))
    var address: String

    package init() {}

    package func validate() throws {
        if StatusClient(self.address) == nil {
            throw ValidationError(
                "\(GoLiteral.quoted(self.address)) is no address: use host:port, such as 127.0.0.1:9100")
        }
    }

    package func run() async throws {
        guard let client = StatusClient(self.address) else { preconditionFailure("the address was checked") }
        do {
            if let terminal = Terminal.standard {
                try await TopScreen(client: client, terminal: terminal).run()
            } else {
                try await Self.report(client)
            }
        } catch {
            StandardError.print("kcptun top: \(error)")
            throw ExitCode(ExitStatus.failure)
        }
    }

    /// Looks twice, as speeds are differences, and prints what there is.
    private static func report(_ client: StatusClient) async throws {
        var model = TopModel()
        model.add(try await client.document())
        try await Task.sleep(for: TopScreen.interval)
        model.add(try await client.document())
        let lines = TopView(model: model).report(columns: Self.reportColumns)
        StandardOutput.print(lines.map(\.plainText).joined(separator: "\n"))
    }

    private static let reportColumns = 132
}
