import Foundation
import NetworkSimulation
import PacketPrimitives
import TestSupport
import Testing

/// Two ends in virtual time, and all that can go wrong between them: bytes arrive once and in order or the stream ends with
/// a reason, memory keeps to its limits, no session outlives its peer. CONTRIBUTING.md says how a seed is run again.
@Suite struct FaultSimulationTests {
    private static let chunkCount = 4

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    /// The seed that somebody wants to see.
    private static let onlySeed = number("KCPTUN_SEED")
    private static let seedCount = number("KCPTUN_SEEDS") ?? 2000
    /// A long run says how far it is.
    private static let seedsPerReport: UInt64 = 1000

    /// What all runs of a chunk have seen.
    private struct Sum: Sendable {
        var runs: UInt64 = 0
        var client = FaultCounts()
        var server = FaultCounts()
        var lost: UInt64 = 0
        var duplicated: UInt64 = 0
        var corrupted: UInt64 = 0
        var truncated: UInt64 = 0
        var replayed = 0
        var broken: [UInt64] = []

        mutating func add(_ outcome: FaultOutcome) {
            self.runs += 1
            self.client += outcome.client
            self.server += outcome.server
            for link in [outcome.towardServer, outcome.towardClient] {
                self.lost += link.lostDatagrams
                self.duplicated += link.duplicatedDatagrams
                self.corrupted += link.corruptedDatagrams
                self.truncated += link.truncatedDatagrams
            }
            self.replayed += outcome.replayCount
        }
    }

    @Test(.enabled(if: onlySeed == nil), arguments: 0..<UInt64(chunkCount))
    func `no promise is broken, whatever goes wrong`(chunk: UInt64) async throws {
        let sum = try await calculate {
            var sum = Sum()
            for seed in stride(from: chunk + 1, through: Self.seedCount, by: Self.chunkCount) {
                let outcome = FaultRun.outcome(of: FaultPlan(seed: seed))
                sum.add(outcome)
                if !outcome.findings.isEmpty { sum.broken.append(seed) }
                Self.report(sum, chunk: chunk)
            }
            return sum
        }
        for seed in sum.broken.prefix(5) { Self.explain(seed) }
        #expect(sum.broken.isEmpty, "seeds \(sum.broken)")
        Self.expectAllKinds(sum)
    }

    @Test(.enabled(if: onlySeed != nil)) func `one seed, with all that it has decided`() {
        let seed = Self.onlySeed ?? 1
        print(FaultPlan(seed: seed))
        print(FaultRun.outcome(of: FaultPlan(seed: seed)))
        Self.explain(seed)
    }

    @Test(arguments: [1, 7, 23] as [UInt64]) func `the same seed is the same run`(seed: UInt64) {
        let outcomes = (0..<2).map { _ in FaultRun.outcome(of: FaultPlan(seed: seed)) }
        #expect(outcomes[0].stepCount == outcomes[1].stepCount)
        #expect(outcomes[0].towardServer == outcomes[1].towardServer)
        #expect(outcomes[0].client == outcomes[1].client)
    }

    // MARK: Support

    /// A run in which nothing happens proves nothing.
    private static func expectAllKinds(_ sum: Sum) {
        guard sum.runs >= 400 else { return }
        #expect(sum.client.completeStreams * 2 > sum.client.streams)
        #expect(sum.client.completeStreams < sum.client.streams)
        #expect(sum.client.sessions > Int(sum.runs))
        #expect(sum.client.failures > 0)
        #expect(sum.server.moves > 0)
        #expect(sum.lost > 0)
        #expect(sum.duplicated > 0)
        #expect(sum.corrupted > 0)
        #expect(sum.truncated > 0)
        #expect(sum.replayed > 0)
    }

    private static func explain(_ seed: UInt64) {
        let plan = FaultPlan(seed: seed)
        let findings = FaultRun.outcome(of: plan).findings
        #expect(findings.isEmpty, "KCPTUN_SEED=\(seed) runs it again\n\(plan)")
    }

    private static func report(_ sum: Sum, chunk: UInt64) {
        guard self.seedCount > 2000, sum.runs % self.seedsPerReport == 0 else { return }
        print(
            "faults, part \(chunk + 1) of \(self.chunkCount): \(sum.runs) of \(self.seedCount / UInt64(self.chunkCount))"
                + " seeds, \(sum.broken.count) broken, \(sum.client.streams) streams, \(sum.client.completeStreams) complete,"
                + " \(sum.client.sessions) sessions, \(sum.server.moves) moves, \(sum.lost) datagrams lost")
    }
}
