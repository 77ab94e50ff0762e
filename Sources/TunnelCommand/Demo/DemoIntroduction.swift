/// What the demo says before it starts.
enum DemoIntroduction {
    static func text(_ scenario: DemoScenario, _ lines: DemoCommandLines) -> String {
        """
        kcptun carries TCP connections over UDP, so that a bad link feels like a good one. This demo does it here and
        now: both programs, and a bad link between them, in one process, over real sockets of 127.0.0.1.

          the link     \(self.link(scenario))
          the load     a file of \(scenario.megabytes) MB up, then one down, and all the time a 64-byte ping every 50 ms
          the tunnel   \(ServerOptions.programName) \(self.wrapped(lines.server))
                       \(ClientOptions.programName) \(self.wrapped(lines.client))

        """
    }

    private static func link(_ scenario: DemoScenario) -> String {
        let rate = FigureText.short(scenario.megabitsPerSecond)
        let loss = FigureText.short(scenario.lossPercent)
        return """
            \(rate) Mbit/s, \(scenario.roundTripMilliseconds) ms round trip, \(loss) % of all datagrams lost each way,
                           a queue of \(DemoScenario.queueMilliseconds) ms in front (seed \(scenario.seed))
            """
    }

    /// The addresses on the first line, the rest below, as a shell takes it.
    private static func wrapped(_ arguments: [String]) -> String {
        arguments.prefix(4).joined(separator: " ") + " \\\n"
            + String(repeating: " ", count: 21) + arguments.dropFirst(4).joined(separator: " ")
    }
}
