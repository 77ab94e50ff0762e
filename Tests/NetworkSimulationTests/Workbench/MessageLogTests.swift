import NetworkSimulation
import PacketPrimitives
import Testing

@Suite struct MessageLogTests {
    private func at(_ milliseconds: Int) -> Instant { .start.advanced(milliseconds: milliseconds) }

    @Test func `messages come back in order, in pieces or together`() {
        var log = MessageLog()
        for time in [0, 20, 40] { log.send(now: self.at(time)) }
        log.receive(100, now: self.at(50))
        log.receive(28, now: self.at(60))
        log.receive(256, now: self.at(100))
        #expect(log.roundTrips(from: .start, until: self.at(1000)) == [60, 80, 60])
    }

    @Test func `a message that is not back counts with its age`() {
        var log = MessageLog()
        for time in [0, 20, 500] { log.send(now: self.at(time)) }
        log.receive(128, now: self.at(50))
        #expect(log.roundTrips(from: .start, until: self.at(500)) == [50, 480])
        #expect(log.roundTrips(from: self.at(20), until: self.at(600)) == [580, 100])
    }

    @Test func `what was never sent does not come back`() {
        var log = MessageLog()
        log.receive(1000, now: .start)
        #expect(log.roundTrips(from: .start, until: self.at(1)).isEmpty)
    }
}
