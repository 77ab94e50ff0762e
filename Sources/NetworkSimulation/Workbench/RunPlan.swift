/// Everything that decides a run. The same plan gives the same result, bit by bit.
@dynamicMemberLookup package struct RunPlan: Sendable {
    package var outline: RunOutline
    package let variant: TunnelVariant

    package init(
        scenario: LinkScenario, variant: TunnelVariant, pattern: TrafficPattern, seed: UInt64, seconds: Double? = nil
    ) {
        self.outline = RunOutline(
            scenario: scenario, variantName: variant.name, pattern: pattern, seed: seed, seconds: seconds)
        self.variant = variant
    }

    package subscript<Value>(dynamicMember path: WritableKeyPath<RunOutline, Value>) -> Value {
        get { self.outline[keyPath: path] }
        set { self.outline[keyPath: path] = newValue }
    }

    /// What is measured, seconds since the start of the run.
    package var measured: Range<Double> { self.outline.measured }
}
