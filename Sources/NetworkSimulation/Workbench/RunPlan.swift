/// Everything that decides a run. The same plan gives the same result, bit by bit.
package struct RunPlan: Sendable {
    package var scenario: LinkScenario
    package var variant: TunnelVariant
    package var pattern: TrafficPattern
    package var seed: UInt64
    /// How long the last to start is left alone before measuring begins.
    package var warmUpSeconds = 2.0
    /// When measuring ends, counted from the start of the last; `nil`: what the scenario says.
    package var seconds: Double?

    package init(
        scenario: LinkScenario, variant: TunnelVariant, pattern: TrafficPattern, seed: UInt64, seconds: Double? = nil
    ) {
        self.scenario = scenario
        self.variant = variant
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
