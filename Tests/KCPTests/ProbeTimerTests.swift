import PacketPrimitives
import Testing

@testable import KCP
@testable import RateControl

@Suite struct ProbeTimerTests {
    private static let start = Instant(milliseconds: 1000)

    /// When the probes are sent that nobody answers, microseconds from the start.
    private static func probes(_ roundTrip: RoundTripModel, count: Int, datagramTime: Double = 0) -> [Int] {
        var timer = ProbeTimer()
        timer.start(now: Self.start)
        return (0..<count).map { _ in
            guard let deadline = timer.deadline(roundTrip, datagramTime: datagramTime) else { return 0 }
            timer.noteProbe(roundTrip, now: deadline)
            return deadline.microseconds(since: Self.start)
        }
    }

    private static func roundTrip(milliseconds: Double) -> RoundTripModel {
        var model = RoundTripModel(now: Self.start)
        model.add(milliseconds * 1000, now: Self.start)
        return model
    }

    @Test func `somebody who has never answered is asked every 40 milliseconds, and soon less often`() {
        let times = Self.probes(RoundTripModel(now: Self.start), count: 100)
        #expect(times.prefix(4) == [250_000, 290_000, 330_000, 370_000])
        #expect(times.count { $0 < 2_000_000 } == 18)
    }

    @Test func `a way that is known is asked eight times in a round trip`() {
        let times = Self.probes(Self.roundTrip(milliseconds: 200), count: 4)
        #expect(zip(times.dropFirst(), times).map { $0 - $1 } == [25_000, 25_000, 25_000])
    }

    @Test(arguments: [nil, 1, 50, 500]) func `the spacing grows, but never beyond 0.9 seconds`(milliseconds: Double?) {
        let model = milliseconds.map(Self.roundTrip) ?? RoundTripModel(now: Self.start)
        let times = Self.probes(model, count: 300)
        let spacings = zip(times.dropFirst(), times).map { $0 - $1 }
        #expect(spacings == spacings.sorted())
        #expect(spacings.last == 900_000)
    }

    /// In a burst of losses acknowledgements of a peer of the original got lost one by one, each of which answered a probe of
    /// its own: the 30 of them took 2 s.
    @Test func `a way that is fast is asked as often for a second and a half`() {
        let times = Self.probes(Self.roundTrip(milliseconds: 80), count: 150, datagramTime: 250)
        let spacings = zip(times.dropFirst(), times).map { $0 - $1 }
        #expect(times.prefix { $0 < 1_700_000 }.count >= 130)
        #expect(spacings.prefix(120).allSatisfy { $0 == 10_000 })
        #expect(spacings.last.map { $0 > 10_000 } == true)
    }

    @Test func `a slow one is soon asked with a twentieth of its rate at most`() {
        let times = Self.probes(Self.roundTrip(milliseconds: 80), count: 40, datagramTime: 2000)
        let spacings = zip(times.dropFirst(), times).map { $0 - $1 }
        #expect(spacings.prefix(20).allSatisfy { $0 == 10_000 })
        #expect(spacings.dropFirst(20).allSatisfy { $0 >= 40_000 })
    }

    @Test func `when everything waits for it, the first probe is never later than usual`() {
        var timer = ProbeTimer()
        timer.start(now: Self.start)
        let model = Self.roundTrip(milliseconds: 50)
        let usual = timer.deadline(model, datagramTime: 3_000_000)
        #expect(timer.deadline(model, datagramTime: 3_000_000, blockage: .hole(due: nil)) == usual)
        #expect(usual.map { $0 < Self.start.advanced(milliseconds: 500) } == true)
    }

    @Test func `while the answer to what was sent again is due, nothing is asked for again`() {
        var timer = ProbeTimer()
        timer.start(now: Self.start)
        let model = Self.roundTrip(milliseconds: 200)
        let due = [10, 100, 2000].map { Self.start.advanced(milliseconds: $0) }
        let deadlines = due.map { timer.deadline(model, datagramTime: 0, blockage: .hole(due: $0)) }
        let usual = timer.deadline(model, datagramTime: 0)
        #expect(deadlines == [Self.start.advanced(milliseconds: 25), due[1], usual])
    }

    /// The peer's first window is 32 segments, and the datagram that tells of the next got lost: 0.9 s without this, at a round
    /// trip of 200 ms.
    @Test func `when the window is full, the first probe comes after a round trip and a quarter`() {
        var timer = ProbeTimer()
        timer.start(now: Self.start)
        let model = Self.roundTrip(milliseconds: 200)
        let (usual, soon) = (
            timer.deadline(model, datagramTime: 0), timer.deadline(model, datagramTime: 0, blockage: .fullWindow)
        )
        #expect(soon == Self.start.advanced(microseconds: 250_000 + Int(model.acknowledgementDelay)))
        #expect(usual.map { $0 > Self.start.advanced(milliseconds: 500) } == true)
        let unknown = RoundTripModel(now: Self.start)
        #expect(
            timer.deadline(unknown, datagramTime: 0, blockage: .fullWindow) == timer.deadline(unknown, datagramTime: 0))
    }

    @Test func `without anything on its way there is no probe`() {
        var timer = ProbeTimer()
        timer.start(now: Self.start)
        timer.stop()
        #expect(timer.deadline(Self.roundTrip(milliseconds: 50), datagramTime: 0) == nil)
    }
}
