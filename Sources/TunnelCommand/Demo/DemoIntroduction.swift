import TunnelReporting

/// What the demo says before it starts.
enum DemoIntroduction {
    static func text(_ scenario: DemoScenario, _ lines: DemoCommandLines) -> String {
        """
        kcptun carries TCP connections over UDP, so that a bad link feels like a good one. This demo does it
        here and now: both programs and a bad link between them, in one process, over sockets of 127.0.0.1.

          the link    \(self.link(scenario))
          the load    a file of \(scenario.megabytes) MB up, then one down, and all the time a 64-byte ping every 50 ms
          the tunnel  \(self.command(ServerOptions.programName, lines.server))
                      \(self.command(ClientOptions.programName, lines.client))
          you see     \(DemoStatusLine.legend)

        """
    }

    private static let indentation = String(repeating: " ", count: 14)

    private static func link(_ scenario: DemoScenario) -> String {
        let rate = FigureText.short(scenario.megabitsPerSecond)
        let loss = FigureText.short(scenario.lossPercent)
        return
            "\(rate) Mbit/s, \(scenario.roundTripMilliseconds) ms round trip, \(loss) % of the datagrams lost each way,\n"
            + "\(self.indentation)a queue of \(DemoScenario.queueMilliseconds) ms in front (seed \(scenario.seed))"
    }

    /// Lines as a shell takes them: addresses, secrecy and mode, the rest.
    private static func command(_ name: String, _ arguments: [String]) -> String {
        let lines = [[name] + arguments[..<4], Array(arguments[4..<12]), Array(arguments[12...])]
        return lines.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }.joined(
            separator: " \\\n\(self.indentation)    ")
    }
}
