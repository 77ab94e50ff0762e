import PacketPrimitives
import Testing

@testable import RateControl

/// A controller with a path: one queue that passes a datagram at a time, and a round trip; acknowledged one by one.
private struct SimulatedPath {
    static let byteCount = 1378
    let controller = PathController(datagramByteCount: Self.byteCount, now: Instant(milliseconds: 1000))
    let member: Int
    let bytesPerSecond: Double
    /// Microseconds.
    var roundTrip: Int
    private(set) var now = Instant(milliseconds: 1000)
    private var busyUntil = Instant(milliseconds: 1000)
    private var underWay: [(due: Instant, stamp: SendStamp)] = []
    private(set) var sentCount = 0

    init(megabitsPerSecond: Double, roundTripMilliseconds: Int) {
        self.member = self.controller.join()
        self.bytesPerSecond = megabitsPerSecond * 125_000
        self.roundTrip = roundTripMilliseconds * 1000
    }

    private var hasRoom: Bool { self.controller.hasRoom(besides: self.controller.inFlightByteCount) }

    private mutating func send(_ need: SendingNeed = .pacing) {
        let stamp = self.controller.stamp(byteCount: Self.byteCount, now: self.now)
        self.controller.spend(Self.byteCount, by: self.member, need: need, now: self.now)
        let service = Int(Double(Self.byteCount) / self.bytesPerSecond * 1e6)
        self.busyUntil = max(self.now, self.busyUntil).advanced(microseconds: service)
        self.underWay.append((self.busyUntil.advanced(microseconds: self.roundTrip), stamp))
        self.sentCount += 1
    }

    private mutating func receive() {
        while let next = self.underWay.first, next.due <= self.now {
            self.underWay.removeFirst()
            self.controller.acknowledge(next.stamp, byteCount: Self.byteCount, isTimely: true, now: self.now)
            self.controller.endAcknowledgements(now: self.now)
        }
    }

    /// Sends for so long: as much as is let out, or a datagram every so many milliseconds.
    mutating func run(milliseconds: Int, every interval: Int? = nil) {
        for tick in 0..<milliseconds * 4 {
            self.now = self.now.advanced(microseconds: 250)
            self.receive()
            if let interval {
                if tick.isMultiple(of: interval * 4) { self.send(.nothing) }
                self.controller.noteApplicationLimit(of: self.member)
            } else {
                while self.hasRoom, self.controller.pacingAllowance(of: self.member, now: self.now) > 0 { self.send() }
            }
        }
    }

    /// Nothing is sent and nothing comes.
    mutating func rest(milliseconds: Int) {
        self.run(milliseconds: 300, every: 1_000_000)
        self.now = self.now.advanced(milliseconds: milliseconds)
    }

    /// Megabits per second sent over the next milliseconds.
    mutating func rate(milliseconds: Int) -> Double {
        let before = self.sentCount
        self.run(milliseconds: milliseconds)
        return Double((self.sentCount - before) * Self.byteCount * 8) / Double(milliseconds) / 1000
    }
}

@Suite struct PathControllerTests {
    @Test func `an endless transfer gets the path's rate`() {
        var path = SimulatedPath(megabitsPerSecond: 50, roundTripMilliseconds: 50)
        path.run(milliseconds: 2000)
        #expect((46...52).contains(path.rate(milliseconds: 2000)))
        #expect(path.controller.roundTrip.queueing < 20_000)
    }

    /// Small messages say nothing about what the path can do: neither more nor less.
    @Test func `a transfer after messages is as fast as before`() {
        var path = SimulatedPath(megabitsPerSecond: 50, roundTripMilliseconds: 50)
        path.run(milliseconds: 3000)
        path.run(milliseconds: 5000, every: 20)
        #expect((40...64).contains(path.rate(milliseconds: 200)))
    }

    /// Somebody else's queue, or a peer that takes its time to acknowledge.
    @Test func `neither do messages that come back late`() {
        var path = SimulatedPath(megabitsPerSecond: 50, roundTripMilliseconds: 50)
        path.run(milliseconds: 3000)
        path.roundTrip += 30_000
        path.run(milliseconds: 5000, every: 20)
        path.roundTrip -= 30_000
        #expect((40...64).contains(path.rate(milliseconds: 200)))
    }

    /// Who has nothing in flight hears of nothing that tells it to go on.
    @Test func `everyone who shares a window has room for a datagram`() {
        let controller = PathController(datagramByteCount: 1378, now: Instant(milliseconds: 1000))
        let count = 2 * Int(controller.windowByteCount / 1378)
        for _ in 0..<count {
            let member = controller.join()
            controller.spend(0, by: member, need: .window, now: Instant(milliseconds: 1000))
        }
        while controller.hasRoom(besides: 1378) {
            _ = controller.stamp(byteCount: 1378, now: Instant(milliseconds: 1000))
        }
        #expect(controller.hasRoom(besides: 0))
    }

    @Test func `after a pause the transfer goes on paced`() {
        var path = SimulatedPath(megabitsPerSecond: 50, roundTripMilliseconds: 50)
        path.run(milliseconds: 3000)
        path.rest(milliseconds: 5000)
        #expect(path.rate(milliseconds: 2) < 120)
        #expect((30...64).contains(path.rate(milliseconds: 200)))
    }

    @Test func `after a long pause the search begins anew`() {
        var path = SimulatedPath(megabitsPerSecond: 50, roundTripMilliseconds: 50)
        path.run(milliseconds: 3000)
        path.rest(milliseconds: 60_000)
        // The first flight: 64 datagrams, over 20 ms.
        #expect(path.rate(milliseconds: 5) < 60)
        #expect(path.controller.phase == .startup)
        path.run(milliseconds: 1500)
        #expect((46...52).contains(path.rate(milliseconds: 1000)))
    }

    /// A sign of life every ten seconds is not a transfer.
    @Test func `nor do signs of life keep what was known of the path`() {
        var path = SimulatedPath(megabitsPerSecond: 50, roundTripMilliseconds: 50)
        path.run(milliseconds: 3000)
        path.run(milliseconds: 30_000, every: 9000)
        path.roundTrip += 50_000
        #expect(path.rate(milliseconds: 5) < 60)
        #expect(path.controller.phase == .startup)
        path.run(milliseconds: 2000)
        #expect((46...52).contains(path.rate(milliseconds: 1000)))
    }

    @Test func `on another route nothing is known`() {
        var path = SimulatedPath(megabitsPerSecond: 50, roundTripMilliseconds: 20)
        path.run(milliseconds: 3000)
        path.controller.restart(now: path.now)
        #expect(path.controller.phase == .startup)
        path.roundTrip = 100_000
        path.run(milliseconds: 3000)
        #expect(path.controller.roundTrip.minimum ?? 0 >= 100_000, "what left before has no round trip of this one")
        #expect((46...52).contains(path.rate(milliseconds: 1000)))
    }

    /// The search grows by what it delivers; hours of messages are no search.
    @Test func `messages do not grow the first flight`() {
        var path = SimulatedPath(megabitsPerSecond: 50, roundTripMilliseconds: 50)
        path.run(milliseconds: 20_000, every: 5)
        #expect(path.controller.windowByteCount < 80 * 1378)
    }
}
