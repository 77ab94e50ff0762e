import LinkReport
import NetworkSimulation

/// Short runs to make reports of.
func group(_ scenario: LinkScenario, _ variant: String, _ pattern: TrafficPattern, seeds: [UInt64] = [1]) -> RunGroup {
    RunGroup(
        seeds.map { seed in
            LinkRun.result(
                of: RunPlan(
                    scenario: scenario, variant: TunnelVariant(name: variant)!, pattern: pattern, seed: seed,
                    seconds: 3))
        })
}
