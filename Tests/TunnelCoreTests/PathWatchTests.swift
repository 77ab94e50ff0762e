import PacketPrimitives
import Testing

@testable import TunnelCore

@Suite struct PathWatchTests {
    private static let first = PeerAddress.ipv4(1, port: 1)
    private static let second = PeerAddress.ipv4(1, port: 2)

    private static func at(_ milliseconds: UInt64) -> Instant { Instant(milliseconds: 10_000 + milliseconds) }

    private var watch = PathWatch()

    private mutating func step(
        _ address: PeerAddress, _ time: UInt64, answered: Bool = false, heard: UInt64? = 0
    ) -> PathWatch.Step {
        self.watch.step(address, hasAnswered: answered, lastHeard: heard.map(Self.at), now: Self.at(time))
    }

    @Test mutating func `an address is asked, and moved to when it answers`() {
        let steps = [step(Self.first, 200), step(Self.first, 210), step(Self.first, 250, answered: true)]
        #expect(steps == [.ask, .wait, .move])
    }

    @Test mutating func `not while the old address speaks`() {
        let steps = [
            step(Self.first, 200), step(Self.first, 250, answered: true, heard: 249),
            step(Self.first, 300, answered: true, heard: 249), step(Self.first, 350, answered: true, heard: 249),
        ]
        #expect(steps == [.ask, .wait, .wait, .move])
    }

    @Test mutating func `an earlier answer says nothing about an address that has not been asked`() {
        let step = step(Self.first, 200, answered: true)
        #expect(step == .ask)
    }

    @Test mutating func `two moves need a pause`() {
        _ = (step(Self.first, 200), step(Self.first, 210, answered: true))
        let steps = [
            step(Self.second, 400, heard: 210), step(Self.second, 420, answered: true, heard: 210),
            step(Self.second, 720, answered: true, heard: 210),
        ]
        #expect(steps == [.ask, .wait, .move])
    }

    @Test mutating func `one address has its turn before the next`() {
        let steps = [step(Self.first, 200), step(Self.second, 300), step(Self.second, 400), step(Self.first, 450)]
        #expect(steps == [.ask, .wait, .ask, .wait])
    }

    @Test mutating func `an address that never answers is left alone`() {
        var asked = 0
        for time in stride(from: UInt64(0), to: 5000, by: 10) where step(Self.first, time) == .ask { asked += 1 }
        #expect(asked == PathWatch.questionLimit)
        let last = step(Self.first, 60_000)
        #expect(last == .ask)
    }

    @Test mutating func `an address is asked with one token, another with another`() {
        var next: UInt32 = 0
        func token() -> UInt32 {
            self.watch.token {
                next += 1
                return next
            }
        }
        _ = step(Self.first, 200)
        let early = [token(), token()]
        _ = step(Self.first, 310)
        let late = token()
        _ = step(Self.second, 600)
        let other = token()
        #expect(early == [1, 1])
        #expect(late == 1)
        #expect(other == 2)
    }
}
