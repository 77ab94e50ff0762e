import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct RemoteHealthTests {
    private func at(_ milliseconds: Int) -> Instant { Instant(milliseconds: UInt64(milliseconds)) }

    /// Without jitter.
    private static let middle = UInt32.max / 2

    @Test func `nothing speaks against what has not failed`() {
        let health = RemoteHealth()
        #expect(!health.isFailed)
        #expect(health.dueTime() <= self.at(0))
    }

    @Test func `after a failure it is due when the back-off is over`() {
        var health = RemoteHealth()
        let isNews = health.noteFailure(
            .refused("x"), start: self.at(900), now: self.at(1000), random: Self.middle)
        #expect(isNews && health.failedSince == self.at(1000))
        #expect(health.dueTime() == self.at(1250))
        let isNewsAgain = health.noteFailure(
            .refused("x"), start: self.at(1250), now: self.at(3000), random: Self.middle)
        #expect(!isNewsAgain && health.failedSince == self.at(1000))
        #expect(health.dueTime() == self.at(3500))
    }

    @Test func `tries at the same time count as one`() {
        var health = RemoteHealth()
        _ = health.noteFailure(.refused("x"), start: self.at(0), now: self.at(1000), random: Self.middle)
        let before = health
        _ = health.noteFailure(.refused("y"), start: self.at(900), now: self.at(1100), random: Self.middle)
        #expect(health == before)
    }

    @Test func `what was silent may be tried again at once, but only once`() {
        var health = RemoteHealth()
        let silence = RemoteFailure.silent(milliseconds: 1500)
        _ = health.noteFailure(silence, start: self.at(0), now: self.at(9000), random: Self.middle)
        #expect(health.isFailed && health.dueTime() == self.at(9000))
        _ = health.noteFailure(silence, start: self.at(9000), now: self.at(11_000), random: Self.middle)
        #expect(health.dueTime() == self.at(11_250))
    }

    @Test func `who has just come waits for a second at most`() {
        var health = RemoteHealth()
        for second in 0..<8 {
            _ = health.noteFailure(
                .refused("x"), start: self.at(second * 1000), now: self.at(second * 1000), random: Self.middle)
        }
        #expect(health.dueTime() == self.at(15_000))
        #expect(health.dueTime(isUrgent: true) == self.at(8000))
    }

    @Test func `a reservation moves the time, never to an earlier one`() {
        var health = RemoteHealth()
        health.reserve(until: self.at(5000))
        #expect(health.dueTime() <= self.at(0))
        _ = health.noteFailure(.refused("x"), start: self.at(0), now: self.at(1000), random: Self.middle)
        health.reserve(until: self.at(5000))
        #expect(health.dueTime() == self.at(5000))
        health.reserve(until: self.at(2000))
        #expect(health.dueTime() == self.at(5000))
    }

    @Test(arguments: [
        (RemoteFailure.unanswered(milliseconds: 2000), "no valid answer for 2.0 s"),
        (.silent(milliseconds: 1549), "nothing has come from it for 1.5 s"),
        (.refused("Network is unreachable"), "Network is unreachable"), (.ended("x"), "x"),
    ])
    func `a failure has its reason`(failure: RemoteFailure, text: String) {
        #expect("\(failure)" == text)
    }
}
