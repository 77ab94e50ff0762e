import Testing

@testable import NetworkSimulation

@Suite struct FlowReceiverTests {
    @Test func `packets count when those before them have come`() {
        var receiver = FlowReceiver()
        let counts = [0, 2, 3, 2, 1, 0, 4].enumerated().map { number, packet in
            receiver.receive(transmission: UInt64(number), packet: packet)
        }
        #expect(counts == [1, 0, 0, 0, 3, 0, 1])
        #expect(receiver.expected == 5)
    }

    @Test func `the order of arrival is kept`() {
        var receiver = FlowReceiver()
        for transmission in [3, 1, 2] as [UInt64] { _ = receiver.receive(transmission: transmission, packet: 0) }
        #expect(receiver.arrivals == [3, 1, 2])
    }
}
