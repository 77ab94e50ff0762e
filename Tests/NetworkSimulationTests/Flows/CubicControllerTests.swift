import PacketPrimitives
import Testing

@testable import NetworkSimulation

@Suite struct CubicControllerTests {
    /// Lets a whole window arrive, round by round, until `seconds` have passed.
    private func run(
        _ controller: inout CubicController, from start: Instant, seconds: Double, roundTripMicroseconds: Int = 50_000
    ) -> Instant {
        var now = start
        let end = start.advanced(microseconds: Int(seconds * 1e6))
        while now < end {
            now = now.advanced(microseconds: roundTripMicroseconds)
            for _ in 0..<Int(controller.window) {
                controller.handleArrival(.arrival(now: now, roundTripMicroseconds: roundTripMicroseconds))
            }
        }
        return now
    }

    @Test func `slow start doubles the window in a round trip`() {
        var controller = CubicController()
        _ = self.run(&controller, from: .start, seconds: 0.05)
        #expect(controller.window == 20)
        _ = self.run(&controller, from: .start, seconds: 0.1)
        #expect(controller.window == 80)
    }

    @Test func `slow start ends when delay rises`() {
        var controller = CubicController()
        for _ in 0..<8 {
            controller.handleArrival(.arrival(now: .start, roundTripMicroseconds: 60_000, least: 50_000))
        }
        let window = controller.window
        controller.handleArrival(.arrival(now: .start, roundTripMicroseconds: 60_000, least: 50_000))
        #expect(controller.window < window + 0.5)
    }

    @Test func `a loss takes three tenths, and the cubic returns in its time`() {
        var controller = CubicController()
        var now = self.run(&controller, from: .start, seconds: 0.25)
        #expect(controller.window == 320)
        controller.handleLoss(now: now)
        #expect(controller.window == 224)
        // ∛(96 / 0.4) = 6.2 s back to the plateau.
        now = self.run(&controller, from: now, seconds: 4)
        #expect((300..<320).contains(controller.window))
        now = self.run(&controller, from: now, seconds: 2.2)
        #expect((318...322).contains(controller.window))
        now = self.run(&controller, from: now, seconds: 5)
        #expect(controller.window > 340)
    }

    @Test func `short round trips grow no slower than Reno`() {
        var controller = CubicController()
        let now = self.run(&controller, from: .start, seconds: 0.004, roundTripMicroseconds: 1000)
        controller.handleLoss(now: now)
        let window = controller.window
        _ = self.run(&controller, from: now, seconds: 0.1, roundTripMicroseconds: 1000)
        #expect(controller.window > window + 50)
    }

    @Test func `nothing grows while losses are mended`() {
        var controller = CubicController()
        controller.handleArrival(.arrival(now: .start, isRecovering: true))
        #expect(controller.window == 10)
    }

    @Test func `a timeout collapses the window`() {
        var controller = CubicController()
        let now = self.run(&controller, from: .start, seconds: 0.2)
        controller.handleTimeout(now: now)
        #expect(controller.window == 1)
        #expect(controller.pacingRate == nil)
    }
}

extension ArrivalSample {
    /// One packet has arrived.
    static func arrival(
        now: Instant, roundTripMicroseconds: Int = 50_000, least: Int? = nil, deliveryRate: Double? = nil,
        inFlight: Int = 0, endsRound: Bool = false, isRecovering: Bool = false
    ) -> ArrivalSample {
        ArrivalSample(
            now: now, arrivedCount: 1, roundTripMicroseconds: roundTripMicroseconds,
            leastRoundTripMicroseconds: least ?? roundTripMicroseconds, deliveryRate: deliveryRate,
            inFlight: inFlight, endsRound: endsRound, isRecovering: isRecovering)
    }
}
