import Testing
import TunnelReporting

@Suite struct TrafficRatesTests {
    private static func traffic(payload: UInt64 = 0, packets: UInt64 = 0, lost: UInt64 = 0) -> TrafficStatus {
        var traffic = TrafficStatus()
        traffic.receivedPayloadBytes = payload
        traffic.sentWireBytes = 2 * payload
        traffic.receivedPackets = packets
        traffic.receivedPacketsLost = lost
        return traffic
    }

    @Test func `rates are differences by seconds`() {
        let rates = TrafficRates(from: Self.traffic(payload: 100), to: Self.traffic(payload: 1100), seconds: 2)
        #expect(rates.receivedPayload == 500 && rates.sentPayload == 0 && rates.payload == 500)
        #expect(rates.sentWire == 1000 && rates.receivedWire == 0 && rates.wire == 1000)
    }

    @Test(
        arguments: [(100, 5, 0.05), (20, 20, 1), (20, 40, 1), (19, 10, nil), (0, 0, nil)] as [(UInt64, UInt64, Double?)]
    )
    func `loss is a share, if there were enough packets`(packets: UInt64, lost: UInt64, share: Double?) {
        let before = Self.traffic(packets: 1000, lost: 100)
        let rates = TrafficRates(
            from: before, to: Self.traffic(packets: 1000 + packets, lost: 100 + lost), seconds: 1)
        #expect(rates.receivedLoss == share)
        #expect(rates.receivedPackets == packets)
    }

    @Test func `counters that started anew count from zero`() {
        let rates = TrafficRates(from: Self.traffic(payload: 1000), to: Self.traffic(payload: 10), seconds: 1)
        #expect(rates.receivedPayload == 10)
    }
}
