import PacketPrimitives
import Testing

@testable import NetworkSimulation

@Suite struct BBRControllerTests {
    /// A round of 50 ms with this delivery rate.
    private func round(
        _ controller: inout BBRController, _ now: inout Instant, rate: Double, inFlight: Int = 1000,
        roundTripMicroseconds: Int = 50_000
    ) {
        now = now.advanced(milliseconds: 50)
        controller.handleArrival(
            .arrival(
                now: now, roundTripMicroseconds: roundTripMicroseconds, deliveryRate: rate, inFlight: inFlight,
                endsRound: true))
    }

    /// One that has found 1000 packets per second and 50 ms.
    private func settled(_ now: inout Instant) -> BBRController {
        var controller = BBRController()
        for _ in 0..<4 { self.round(&controller, &now, rate: 1000) }
        self.round(&controller, &now, rate: 1000, inFlight: 40)
        return controller
    }

    @Test func `it begins with ten packets and without a rate`() {
        let controller = BBRController()
        #expect(controller.window == 10)
        #expect(controller.pacingRate == nil)
    }

    @Test func `startup goes on while the rate grows by a quarter`() {
        var controller = BBRController()
        var now = Instant.start
        for rate in [100.0, 200, 400, 800, 1010] { self.round(&controller, &now, rate: rate) }
        #expect(controller.pacingRate == 2.885 * 1010)
        #expect(abs(controller.window - 2.885 * 50.5) < 1e-9)
    }

    @Test func `three rounds without growth drain the queue`() {
        var controller = BBRController()
        var now = Instant.start
        for _ in 0..<4 { self.round(&controller, &now, rate: 1000) }
        #expect(controller.pacingRate == 1000 / 2.885)
        self.round(&controller, &now, rate: 1000, inFlight: 51)
        #expect(controller.pacingRate == 1000 / 2.885)
        self.round(&controller, &now, rate: 1000, inFlight: 50)
        #expect(controller.pacingRate == 1250)
    }

    @Test func `the gain cycle has eight phases of a round trip`() {
        var now = Instant.start
        var controller = self.settled(&now)
        var rates: [Double?] = []
        for _ in 0..<8 {
            rates.append(controller.pacingRate)
            self.round(&controller, &now, rate: 1000)
        }
        #expect(rates == [1250, 750, 1000, 1000, 1000, 1000, 1000, 1000])
        #expect(controller.pacingRate == 1250)
        #expect(controller.window == 103)
    }

    @Test func `an old rate is forgotten after ten rounds`() {
        var now = Instant.start
        var controller = self.settled(&now)
        for _ in 0..<9 { self.round(&controller, &now, rate: 200) }
        #expect(controller.window == 103)
        self.round(&controller, &now, rate: 200)
        #expect(controller.window == 23)
    }

    @Test func `the round trip is measured anew after ten seconds`() {
        var now = Instant.start
        var controller = self.settled(&now)
        for _ in 0..<199 { self.round(&controller, &now, rate: 1000, roundTripMicroseconds: 60_000) }
        #expect(controller.window == 103)
        self.round(&controller, &now, rate: 1000, roundTripMicroseconds: 60_000)
        self.round(&controller, &now, rate: 1000, roundTripMicroseconds: 55_000)
        #expect(controller.window == 4)
        for _ in 0..<4 { self.round(&controller, &now, rate: 1000, roundTripMicroseconds: 55_000) }
        #expect(controller.window == 113)
    }

    @Test func `a timeout leaves one packet until something arrives`() {
        var now = Instant.start
        var controller = self.settled(&now)
        controller.handleLoss(now: now)
        #expect(controller.window == 103)
        controller.handleTimeout(now: now)
        #expect(controller.window == 1)
        self.round(&controller, &now, rate: 1000)
        #expect(controller.window == 103)
    }
}
