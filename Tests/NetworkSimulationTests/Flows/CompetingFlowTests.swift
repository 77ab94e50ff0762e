import NetworkSimulation
import PacketPrimitives
import Testing

@Suite struct CompetingFlowTests {
    private static func measures(
        _ kind: CompetitorKind, _ path: LinkScenario.Path, roundTrip: Double = 40, seconds: Double = 12
    ) -> LinkMeasures {
        let scenario = LinkScenario(name: "test", roundTripMilliseconds: roundTrip, bothWays: path)
        let plan = RunPlan(
            scenario: scenario, variant: TunnelVariant(.standard), pattern: .alone(kind), seed: 1, seconds: seconds)
        return LinkRun.result(of: plan).measures
    }

    private static let clean = LinkScenario.Path(megabitsPerSecond: 50, queue: .milliseconds(100))

    /// 1448 of 1500 bytes are payload.
    @Test(arguments: CompetitorKind.allCases) func `a clean link is filled`(kind: CompetitorKind) throws {
        let rate = try #require(Self.measures(kind, Self.clean).competitors)
        #expect(rate > 50 * 1448 / 1500 * 0.9 && rate <= 50 * 1448 / 1500 + 0.1)
    }

    @Test func `CUBIC fills queues, BBR does not`() throws {
        let cubic = try #require(Self.measures(.cubic, Self.clean, seconds: 30).queue95)
        let bbr = try #require(Self.measures(.bbr, Self.clean, seconds: 30).queueMedian)
        #expect(cubic > 60)
        #expect(bbr < 5)
    }

    /// 1.22 · 1448 · 8 / (0.04 · √0.01) = 3.5 Mbit/s is what Mathis et al. expect of Reno.
    @Test func `loss starves CUBIC and not BBR`() throws {
        var path = Self.clean
        path.loss = .random(0.01)
        let cubic = try #require(Self.measures(.cubic, path).competitors)
        let bbr = try #require(Self.measures(.bbr, path).competitors)
        #expect((2...6).contains(cubic))
        #expect(bbr > 43)
    }

    @Test(arguments: CompetitorKind.allCases) func `damage and repetition do no harm`(kind: CompetitorKind) throws {
        var path = Self.clean
        path.otherFaults = [.corruption(probability: 0.01), .duplication(probability: 0.05)]
        let rate = try #require(Self.measures(kind, path).competitors)
        #expect(rate > 1 && rate < 50)
    }

    @Test func `two of a kind share`() throws {
        let pattern = TrafficPattern(
            name: "two", tunnels: [],
            competitors: [
                TrafficPattern.Competitor(.cubic, startSeconds: 0), TrafficPattern.Competitor(.cubic, startSeconds: 1),
            ])
        let scenario = LinkScenario(name: "test", roundTripMilliseconds: 40, bothWays: Self.clean)
        let plan = RunPlan(
            scenario: scenario, variant: TunnelVariant(.standard), pattern: pattern, seed: 1, seconds: 40)
        let fairness = try #require(LinkRun.result(of: plan).measures.fairness)
        #expect(fairness > 0.9)
    }
}
