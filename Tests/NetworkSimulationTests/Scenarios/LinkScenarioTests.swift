import NetworkSimulation
import PacketPrimitives
import Testing

@Suite struct LinkScenarioTests {
    @Test func `names are unique`() {
        #expect(Set(LinkScenario.named.map(\.name)).count == LinkScenario.named.count)
        #expect(LinkScenario.lettered.map(\.name).joined() == "abcdefgh")
    }

    @Test(arguments: LinkScenario.named) func `every link can be made`(scenario: LinkScenario) throws {
        for direction in LinkDirection.allCases {
            try scenario.conditions(direction, start: .start).validate()
        }
    }

    @Test func `each direction has half of the round trip and its own rate`() {
        let down = LinkScenario.g.conditions(.down, start: .start)
        let up = LinkScenario.g.conditions(.up, start: .start)
        #expect(down.delayMicroseconds == 20_000 && up.delayMicroseconds == 20_000)
        #expect(down.rate == LinkConditions.Rate(bitsPerSecond: 20_000_000, queueLimit: .milliseconds(300)))
        #expect(up.rate == LinkConditions.Rate(bitsPerSecond: 2_000_000, queueLimit: .milliseconds(300)))
        #expect(down.overheadByteCount == 28)
        #expect(down.faults == [.loss(probability: 0.01)])
    }

    @Test func `bursts have their length and share`() {
        let faults = LinkScenario.f.conditions(.down, start: .start).faults
        #expect(faults == [.burstLoss(BurstLoss(loss: 0.03, meanLength: 8))])
    }

    @Test func `times count from the start of the run`() {
        let steps = LinkScenario.steps.conditions(.down, start: .start).rate?.steps
        #expect(
            steps == [
                RateStep(fromMicroseconds: 7_000_000, bitsPerSecond: 10_000_000),
                RateStep(fromMicroseconds: 13_000_000, bitsPerSecond: 50_000_000),
            ])
        let faults = LinkScenario.blackout.conditions(.up, start: .start).faults
        #expect(faults.contains(.outage(fromMicroseconds: 6_000_000, untilMicroseconds: 6_500_000)))
    }

    @Test(arguments: [
        (LinkScenario.f, "80 ms, 50.0 Mbit/s, loss 3.0 % in bursts of 8.0, queue 100 ms"),
        (.g, "40 ms, 20.0 Mbit/s, loss 1.0 %, queue 300 ms; up 2.0 Mbit/s, loss 1.0 %, queue 300 ms"),
        (
            .policer,
            "40 ms, 100.0 Mbit/s, queue 100 ms, policed to 20000 kbit/s; up 100.0 Mbit/s, queue 100 ms"
        ), (.steps, "40 ms, 50.0 Mbit/s, queue 100 ms"),
        (.reordering, "50 ms, 50.0 Mbit/s, loss 1.0 %, queue 100 ms, reordering 8.0 ms"),
    ]) func `a link can be said in a few words`(scenario: LinkScenario, text: String) {
        #expect(scenario.summary == text)
    }
}
