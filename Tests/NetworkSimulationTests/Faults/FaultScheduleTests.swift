import Testing

@testable import NetworkSimulation

@Suite struct FaultScheduleTests {
    @Test(arguments: UInt64(1)...50) func `what a seed decides is in order, and over when it is to be calm`(
        seed: UInt64
    ) {
        let schedule = FaultPlan(seed: seed).schedule
        let times = schedule.entries.map(\.time)
        #expect(times == times.sorted())
        #expect(times.allSatisfy { $0 <= schedule.calmTime })
        #expect(schedule.blackouts.allSatisfy { $0.start + $0.milliseconds <= schedule.calmTime })
        #expect(schedule.blackouts.allSatisfy { $0.hitsRequests || $0.hitsAnswers })
    }

    @Test func `it can be read`() {
        var schedule = FaultSchedule(calmTime: 900)
        schedule.entries = [
            .init(time: 700, event: .serverRestart(downMilliseconds: 20)),
            .init(time: 800, event: .replay(count: 3, fromElsewhere: true)),
        ]
        schedule.blackouts = [.init(start: 10, milliseconds: 5, hitsRequests: true, hitsAnswers: false)]
        #expect(
            "\(schedule)"
                == "10 ms blackout of 5 ms of requests, 700 ms server restarted, down 20 ms,"
                + " 800 ms 3 replayed from elsewhere calm from 900 ms")
    }
}
