import PacketPrimitives
import Testing

@testable import NetworkSimulation

@Suite struct FlowSenderTests {
    /// A fixed window that shrinks by one with every loss that it is told of.
    private struct FixedController: CongestionController {
        var window: Double
        var pacingRate: Double?

        mutating func handleArrival(_ sample: ArrivalSample) {}
        mutating func handleLoss(now: Instant) { self.window -= 1 }
        mutating func handleTimeout(now: Instant) { self.window = 1 }
    }

    private func sender(window: Double, pacingRate: Double? = nil) -> FlowSender {
        FlowSender(controller: FixedController(window: window, pacingRate: pacingRate), now: .start)
    }

    private func transmissions(_ sender: inout FlowSender, now: Instant) -> [UInt64] {
        var packets: [UInt64] = []
        while let next = sender.nextTransmission(now: now) { packets.append(next.packet) }
        return packets
    }

    @Test func `a window leaves at once`() {
        var sender = self.sender(window: 5)
        #expect(self.transmissions(&sender, now: .start) == [0, 1, 2, 3, 4])
        #expect(sender.inFlight == 5)
        sender.handleArrivals([0, 1], now: .start.advanced(milliseconds: 10))
        #expect(self.transmissions(&sender, now: .start.advanced(milliseconds: 10)) == [5, 6])
    }

    @Test func `a rate spaces packets to the nanosecond`() {
        var sender = self.sender(window: 1000, pacingRate: 300_000)
        var times: [Int] = []
        while times.count < 10 {
            let now = sender.nextTimeout
            times += self.transmissions(&sender, now: now).map { _ in now.microseconds(since: .start) }
        }
        // Every 3 1/3 µs, seen at whole microseconds.
        #expect(times == [0, 4, 7, 10, 14, 17, 20, 24, 27, 30])
    }

    @Test func `three later arrivals make a loss, sent again first`() {
        var sender = self.sender(window: 8)
        _ = self.transmissions(&sender, now: .start)
        let later = Instant.start.advanced(milliseconds: 10)
        sender.handleArrivals([1, 2], now: later)
        #expect(self.transmissions(&sender, now: later) == [8, 9])
        sender.handleArrivals([3], now: later)
        // Two packets fewer are under way, and the window is one smaller.
        #expect(self.transmissions(&sender, now: later) == [0])
        #expect(sender.inFlight == 7)
    }

    @Test func `losses of one round trip count once`() {
        var sender = self.sender(window: 20)
        _ = self.transmissions(&sender, now: .start)
        let later = Instant.start.advanced(milliseconds: 10)
        sender.handleArrivals([3], now: later)
        sender.handleArrivals([9], now: later)
        // Two have arrived and six of the first seven are lost; the window is 19.
        #expect(sender.inFlight == 12)
        #expect(self.transmissions(&sender, now: later) == [0, 1, 2, 4, 5, 6, 20])
        // The loss of a transmission that left after the reduction is a new one.
        sender.handleArrivals([24], now: later)
        #expect(sender.inFlight == 4)
        #expect(self.transmissions(&sender, now: later).count == 14)
    }

    @Test func `a transmission that comes late is no harm`() {
        var sender = self.sender(window: 4)
        _ = self.transmissions(&sender, now: .start)
        let later = Instant.start.advanced(milliseconds: 10)
        sender.handleArrivals([3], now: later)
        #expect(sender.inFlight == 2)
        sender.handleArrivals([0], now: later)
        #expect(sender.inFlight == 2)
    }

    @Test func `silence loses everything and backs off`() {
        var sender = self.sender(window: 3)
        _ = self.transmissions(&sender, now: .start)
        #expect(sender.nextTimeout == .start.advanced(milliseconds: 1000))
        sender.handleTimeout(now: .start.advanced(milliseconds: 999))
        #expect(sender.inFlight == 3)
        let first = Instant.start.advanced(milliseconds: 1000)
        sender.handleTimeout(now: first)
        #expect(self.transmissions(&sender, now: first) == [0])
        #expect(sender.nextTimeout == first.advanced(milliseconds: 2000))
        sender.handleArrivals([3], now: first.advanced(milliseconds: 100))
        #expect(self.transmissions(&sender, now: first.advanced(milliseconds: 100)) == [1])
        #expect(sender.nextTimeout == first.advanced(milliseconds: 400))
    }

    @Test func `settled transmissions are forgotten, and later ones still known`() {
        var sender = self.sender(window: 10)
        var now = Instant.start
        var next: UInt64 = 0
        for _ in 0..<1000 {
            let count = UInt64(self.transmissions(&sender, now: now).count)
            now = now.advanced(milliseconds: 10)
            sender.handleArrivals(ArraySlice(next..<next + count), now: now)
            next += count
        }
        #expect(next == 10_000)
        #expect(sender.inFlight == 0)
    }
}
