import TestSupport
import Testing
import TunnelCore

@testable import NetworkSimulation

/// The simulation notices what it is there to notice.
@Suite struct FaultRunTests {
    /// Nothing goes wrong, the streams want something of everything.
    private static func calmPlan() -> FaultPlan {
        var plan = FaultPlan(seed: 2)
        plan.towardServer = LinkConditions(delayMilliseconds: 5)
        plan.towardClient = LinkConditions(delayMilliseconds: 5)
        plan.schedule = FaultSchedule(calmTime: 500)
        plan.streams = (0..<6).map { number in
            StreamScript(opening: 50 * number, requestByteCount: 30_000, answerByteCount: 60_000)
        }
        plan.streams[5].clientReset = StreamScript.Reset(milliseconds: 20, onlyReading: false)
        return plan
    }

    @Test func `without faults every stream but the one that is given up is complete`() {
        let outcome = FaultRun.outcome(of: Self.calmPlan())
        #expect(outcome.findings == [])
        #expect(outcome.client.streams == 7)
        #expect(outcome.client.completeStreams == 6)
        #expect(outcome.client.sessions == 1)
        #expect(outcome.client.failures == 0)
        #expect(outcome.server.failures == 1)
    }

    @Test(arguments: Sabotage.allCases) func `a mistake is noticed`(sabotage: Sabotage) async throws {
        let findings = try await calculate { FaultRun.outcome(of: Self.calmPlan(), sabotage: sabotage).findings }
        let words =
            switch sabotage {
            case .changedByte, .lostByte: "a wrong byte"
            case .repeatedByte: "byte"
            case .lostEnd: "not all is over"
            case .earlyEnd: "and nobody gave it up"
            case .hoardedBytes: "bytes held"
            case .lostTimer: "lives although"
            case .hastyDeath: "without a reason"
            case .forgottenStream: "for nobody"
            }
        #expect(findings.contains { $0.contains(words) }, "\(findings)")
    }

    @Test func `after a restart of the server new streams are served`() {
        var plan = Self.calmPlan()
        plan.schedule.entries = [.init(time: 120, event: .serverRestart(downMilliseconds: 600))]
        plan.serverDisclaims = true
        let outcome = FaultRun.outcome(of: plan)
        #expect(outcome.findings == [])
        #expect(outcome.client.sessions == 2)
        #expect(outcome.server.sessions == 2)
    }

    @Test func `after a restart of the client the server gets rid of the old session`() {
        var plan = Self.calmPlan()
        plan.schedule.entries = [.init(time: 120, event: .clientRestart(downMilliseconds: 10))]
        let outcome = FaultRun.outcome(of: plan)
        #expect(outcome.findings == [])
        #expect(outcome.client.sessions == 2)
        #expect(outcome.server.failures == 2)
    }

    /// A question and its answer may take longer than the pause between two questions.
    @Test(arguments: [5, 60, 150]) func `streams survive new addresses`(delayMilliseconds: Int) {
        var plan = Self.calmPlan()
        plan.towardServer.delayMicroseconds = delayMilliseconds * 1000
        plan.towardClient.delayMicroseconds = delayMilliseconds * 1000
        plan.schedule.calmTime = 4000
        plan.schedule.entries = [100, 900, 2000].map { .init(time: $0, event: .rebinding) }
        plan.streams[0].request.pauseMilliseconds = 100
        plan.streams[0].request.chunkByteCount = 1000
        let outcome = FaultRun.outcome(of: plan)
        #expect(outcome.findings == [])
        #expect(outcome.client.sessions == 1)
        #expect(outcome.client.completeStreams == 6)
        #expect(outcome.server.moves >= 2)
    }

    @Test func `a blackout that is longer than the time-out ends the session, a shorter one does not`() {
        for (milliseconds, sessionCount) in [(1000, 1), (70_000, 2)] {
            var plan = Self.calmPlan()
            plan.schedule.blackouts = [
                .init(start: 150, milliseconds: milliseconds, hitsRequests: true, hitsAnswers: true)
            ]
            plan.schedule.calmTime = 150 + milliseconds
            let outcome = FaultRun.outcome(of: plan)
            #expect(outcome.findings == [])
            #expect(outcome.client.sessions >= sessionCount)
            #expect((outcome.client.failures > 0) == (sessionCount > 1))
        }
    }
}
