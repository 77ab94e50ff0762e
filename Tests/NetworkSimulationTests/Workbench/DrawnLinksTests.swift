import NetworkSimulation
import TestSupport
import Testing

/// The controller on links that nobody has chosen.
@Suite struct DrawnLinksTests {
    private static let seeds = UInt64(1)...500
    private static let workerCount = 2

    private struct Outcome: Sendable {
        var scenario: LinkScenario
        var share: Double
        var failureCount: Int
    }

    /// Fast links with short round trips need less time to show what they do, and more work.
    private static func seconds(_ scenario: LinkScenario) -> Double {
        scenario.down.megabitsPerSecond > 60 && scenario.roundTripMilliseconds < 100 ? 6 : 12
    }

    private static func outcome(seed: UInt64) -> Outcome {
        let scenario = LinkScenario.drawn(seed: seed)
        let result = LinkRun.result(
            of: RunPlan(
                scenario: scenario, variant: TunnelVariant(.auto), pattern: .download, seed: seed,
                seconds: Self.seconds(scenario)))
        return Outcome(
            scenario: scenario, share: result.measures.share ?? 0, failureCount: result.failures.count)
    }

    private static func outcomes() async throws -> [Outcome] {
        try await withThrowingTaskGroup(of: [Outcome].self) { group in
            for worker in 0..<Self.workerCount {
                group.addTask {
                    try await calculate {
                        Self.seeds.filter { Int($0) % Self.workerCount == worker }.map(Self.outcome(seed:))
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    @Test func `random links are filled`() async throws {
        let outcomes = try await Self.outcomes().sorted { $0.share < $1.share }
        let slow = outcomes.filter { $0.share < 80 }
        let worst = slow.prefix(30).map { "\(Int($0.share)) % \($0.scenario.name): \($0.scenario.summary)" }
            .joined(separator: "\n")
        #expect(outcomes.count == Self.seeds.count)
        #expect(slow.count * 20 <= outcomes.count, "\(worst)")
        #expect(slow.allSatisfy { $0.share >= 50 }, "\(worst)")
        #expect(outcomes.allSatisfy { $0.failureCount == 0 })
    }
}
