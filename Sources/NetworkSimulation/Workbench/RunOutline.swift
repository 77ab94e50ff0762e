/// What a run is, in virtual time or over real sockets, but for how the ends of its tunnels are set up.
package struct RunOutline: Sendable {
    package var scenario: LinkScenario
    /// What is at the ends, for reports.
    package var variantName: String
    package var pattern: TrafficPattern
    package var seed: UInt64
    /// How long the last to start is left alone before measuring begins.
    package var warmUpSeconds = 2.0
    /// When measuring ends, counted from the start of the last; `nil`: what the scenario says.
    package var seconds: Double?

    package init(
        scenario: LinkScenario, variantName: String, pattern: TrafficPattern, seed: UInt64, seconds: Double? = nil
    ) {
        self.scenario = scenario
        self.variantName = variantName
        self.pattern = pattern
        self.seed = seed
        self.seconds = seconds
    }

    /// What is measured, seconds since the start of the run.
    package var measured: Range<Double> {
        let start = self.pattern.lastStartSeconds
        let end = max(self.seconds ?? self.scenario.seconds, self.warmUpSeconds + 1)
        return start + self.warmUpSeconds..<start + end
    }
}
