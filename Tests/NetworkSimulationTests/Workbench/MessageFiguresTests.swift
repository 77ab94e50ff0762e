import NetworkSimulation
import Testing

/// How long messages take with rate control at both ends, at most, milliseconds above the round trip.
@Suite struct MessageFiguresTests {
    struct Goal: Sendable, CustomStringConvertible {
        var link: LinkScenario
        var milliseconds: Double
        /// Of so many runs the median counts. Of one with few messages it is one of the worst that is looked at.
        var runCount = 3

        var description: String { self.link.name }
    }

    private static let idleGoals: [Goal] = [
        Goal(link: .b, milliseconds: 20), Goal(link: .c, milliseconds: 20), Goal(link: .d, milliseconds: 20),
        Goal(link: .e, milliseconds: 40), Goal(link: .f, milliseconds: 80), Goal(link: .g, milliseconds: 20),
        Goal(link: .h, milliseconds: 80),
    ]

    private static let loadedGoals: [Goal] = [
        Goal(link: .c, milliseconds: 40), Goal(link: .d, milliseconds: 50, runCount: 5),
        Goal(link: .e, milliseconds: 60, runCount: 15),
        Goal(link: .f, milliseconds: 40, runCount: 9), Goal(link: .g, milliseconds: 40),
    ]

    private static func message99(_ goal: Goal, _ pattern: TrafficPattern, seconds: Double? = nil) -> Double {
        let results = (1...goal.runCount).map { seed in
            let plan = RunPlan(
                scenario: goal.link, variant: TunnelVariant(.auto), pattern: pattern, seed: UInt64(seed),
                seconds: seconds)
            return LinkRun.result(of: plan).measures.message99 ?? .infinity
        }
        return Samples.median(results) ?? .infinity
    }

    @Test(arguments: idleGoals) func `alone`(goal: Goal) {
        #expect(Self.message99(goal, .messages) <= goal.link.roundTripMilliseconds + goal.milliseconds)
    }

    @Test(arguments: loadedGoals) func `beside a transfer of the same client`(goal: Goal) {
        for pattern in [TrafficPattern.loadedDownload, .loadedUpload] {
            #expect(
                Self.message99(goal, pattern, seconds: 6) <= goal.link.roundTripMilliseconds + goal.milliseconds)
        }
    }
}
