import NetworkSimulation
import Testing

@Suite struct LinkScenarioLimitTests {
    /// The published table's limits.
    @Test(arguments: [
        (LinkScenario.b, 93.3), (.c, 89.5), (.d, 89.5), (.e, 16.95), (.f, 45.7), (.g, 18.65), (.h, 6.59),
        (.policer, 18.84),
    ]) func `the limit is what rate and loss leave for payload`(scenario: LinkScenario, megabits: Double) {
        #expect(abs(scenario.down.limit(from: 2, until: 12) / 1e6 - megabits) < megabits * 0.002)
    }

    @Test func `steps and silence count for as long as they last`() {
        let share = LinkScenario.payloadShare
        let steps = LinkScenario.steps.down
        #expect(abs(steps.limit(from: 2, until: 6) - 50e6 * share) < 1)
        #expect(abs(steps.limit(from: 2, until: 18) - (10 * 50e6 + 6 * 10e6) / 16 * share) < 1)
        #expect(abs(steps.limit(from: 7, until: 8) - 10e6 * share) < 1)
        let blackout = LinkScenario.blackout.down
        #expect(abs(blackout.limit(from: 2, until: 12) - 50e6 * 0.99 * share * 0.95) < 1)
        #expect(blackout.limit(from: 5.1, until: 5.4) == 0)
        #expect(blackout.limit(from: 5, until: 5) == 0)
    }
}
