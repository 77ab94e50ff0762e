import NetworkSimulation
import TestSupport
import Testing
import TunnelCore

/// What the rate control does on the links of the tables. Figures are medians of three runs.
@Suite struct PathControlTests {
    struct Goal: Sendable, CustomTestStringConvertible {
        var link: LinkScenario
        var share: Double
        var pattern = TrafficPattern.download
        /// Percent.
        var spurious = 1.0
        var testDescription: String { "\(self.link.name) \(self.pattern.name)" }
    }

    private static func measures(
        _ scenario: LinkScenario, _ pattern: TrafficPattern = .download, variant: TunnelVariant = TunnelVariant(.auto)
    ) async throws -> LinkMeasures {
        try await calculate {
            LinkMeasures.median(
                of: [1, 2, 3].map {
                    LinkRun.result(of: RunPlan(scenario: scenario, variant: variant, pattern: pattern, seed: $0))
                        .measures
                })
        }
    }

    private static let goals = [
        Goal(link: .b, share: 92), Goal(link: .c, share: 92), Goal(link: .d, share: 92), Goal(link: .e, share: 90),
        Goal(link: .f, share: 90, spurious: 1.2), Goal(link: .g, share: 92),
        Goal(link: .g, share: 92, pattern: .upload),
        Goal(link: .h, share: 85),
    ]

    @Test(arguments: goals) func `bad links are filled without waste or lag`(goal: Goal) async throws {
        let measures = try await Self.measures(goal.link, goal.pattern)
        let path = goal.link[goal.pattern.direction]
        #expect(try #require(measures.share) >= goal.share)
        #expect(try #require(measures.wire) <= 1.12 / (1 - path.loss.share))
        #expect(try #require(measures.spurious) <= goal.spurious)
        #expect(try #require(measures.settling) <= max(2.5, 0.012 * goal.link.roundTripMilliseconds))
        #expect(try #require(measures.queueMedian) <= max(20, goal.link.roundTripMilliseconds / 4))
        #expect(try #require(measures.queue95) <= 50)
    }

    @Test(arguments: [
        LinkScenario.a, .policer, .reordering, .jitter, .blackout, .shallow, .damage, .gigabit,
    ])
    func `every other fault leaves the rate alone`(link: LinkScenario) async throws {
        let measures = try await Self.measures(link)
        #expect(try #require(measures.share) >= 90)
        #expect(try #require(measures.wire) <= 1.25 / (1 - link.down.loss.share))
        #expect(try #require(measures.spurious) <= 1.2)
    }

    /// Parity that is asked for comes on top of what the model measures.
    @Test(arguments: [LinkScenario.a, .b, .c, .gigabit]) func `parity takes its part and no more`(link: LinkScenario)
        async throws
    {
        var profile = EndProfile.auto
        profile.dataShards = 10
        profile.parityShards = 3
        let measures = try await Self.measures(link, variant: TunnelVariant(profile))
        #expect(try #require(measures.share) >= 90 / 1.3)
    }

    /// On a narrow way up the acknowledgements of a download take a good part of it.
    @Test(arguments: [LinkScenario.b, .c, .f, .g], [TrafficPattern.downloadBesideUpload, .uploadBesideDownload])
    func `neither direction stops the other`(link: LinkScenario, pattern: TrafficPattern) async throws {
        let measures = try await Self.measures(link, pattern)
        #expect(try #require(measures.share) >= 55)
    }

    @Test func `after a step of the rate all is well within two seconds`() async throws {
        let measures = try await Self.measures(.steps)
        #expect(try #require(measures.settlingDown) <= 2)
        #expect(try #require(measures.settlingUp) <= 2)
        #expect(try #require(measures.stall) <= 300)
    }

    @Test(arguments: [(LinkScenario.b, 90.0), (.c, 87), (.e, 80), (.f, 90), (.g, 90), (.h, 65)])
    func `the original is sent to at the same rate`(link: LinkScenario, share: Double) async throws {
        let measures = try await Self.measures(link, variant: .autoToGo)
        #expect(try #require(measures.share) >= share)
    }
}

/// Beside others.
extension PathControlTests {
    @Test(arguments: [
        TrafficPattern.joined(by: .cubic), .joined(by: .bbr), .joining(.cubic), .joining(.bbr),
    ])
    func `a TCP flow and a tunnel leave each other a quarter of a fair share`(pattern: TrafficPattern) async throws {
        let measures = try await Self.measures(.a, pattern)
        let least = try #require(measures.limit) / 2 / 4
        #expect(try #require(measures.goodput) >= least)
        #expect(try #require(measures.competitors) >= least)
    }

    @Test func `clients of one host share alike`() async throws {
        let measures = try await Self.measures(.b, .clients(4))
        #expect(try #require(measures.fairness) >= 0.95)
    }

    /// A server's clients whose common bottleneck is the server's own line: each has its own controller.
    @Test(arguments: [LinkScenario.a, .b, .d, .e, .g, .gigabit])
    func `hosts that share a bottleneck neither fill its queue nor starve`(link: LinkScenario) async throws {
        let measures = try await Self.measures(link, .hosts(4))
        #expect(try #require(measures.share) >= 90)
        #expect(try #require(measures.dropped) <= 2)
        #expect(try #require(measures.queueMedian) <= max(20, link.roundTripMilliseconds / 4))
        #expect(try #require(measures.fairness) >= 0.5)
    }
}

/// With a rate that the operator knows.
extension PathControlTests {
    @Test(arguments: [(LinkScenario.a, 40.0), (.c, 60), (.h, 6)])
    func `a fixed rate is sent`(link: LinkScenario, megabits: Double) async throws {
        var profile = EndProfile.auto
        profile.rules = .fixed(bytesPerSecond: Int(megabits * 125_000))
        let measures = try await Self.measures(link, variant: TunnelVariant(profile))
        let sent = try #require(measures.goodput) * (try #require(measures.wire))
        #expect(abs(sent / megabits - 1) <= 0.03, "\(sent)")
        let limit = megabits * (1 - link.down.loss.share) * LinkScenario.payloadShare
        #expect(try #require(measures.goodput) >= 0.97 * limit)
    }
}
