/// How fast things moved between two moments.
package struct TrafficRates: Hashable, Sendable {
    /// Bytes of connections per second.
    package var sentPayload: Double
    package var receivedPayload: Double
    /// UDP payload per second.
    package var sentWire: Double
    package var receivedWire: Double
    /// Shares of the packets of the interval, and how many these were; `nil` if they were too few to say.
    package var sentLoss: Double?
    package var receivedLoss: Double?
    package var sentPackets: UInt64
    package var receivedPackets: UInt64
    package var seconds: Double

    /// What happened in `seconds`, after `earlier`. Counters that went back started anew: then what there is counts.
    package init(from earlier: TrafficStatus, to later: TrafficStatus, seconds: Double) {
        func gain(_ counter: KeyPath<TrafficStatus, UInt64>) -> UInt64 {
            let (before, after) = (earlier[keyPath: counter], later[keyPath: counter])
            return after >= before ? after - before : after
        }
        func rate(_ counter: KeyPath<TrafficStatus, UInt64>) -> Double { Double(gain(counter)) / max(seconds, 0.001) }
        func share(_ part: KeyPath<TrafficStatus, UInt64>, of whole: KeyPath<TrafficStatus, UInt64>) -> Double? {
            gain(whole) < Self.leastPackets ? nil : min(1, Double(gain(part)) / Double(gain(whole)))
        }
        self.sentPayload = rate(\.sentPayloadBytes)
        self.receivedPayload = rate(\.receivedPayloadBytes)
        self.sentWire = rate(\.sentWireBytes)
        self.receivedWire = rate(\.receivedWireBytes)
        self.sentPackets = gain(\.sentPackets)
        self.receivedPackets = gain(\.receivedPackets)
        self.sentLoss = share(\.sentPacketsLost, of: \.sentPackets)
        self.receivedLoss = share(\.receivedPacketsLost, of: \.receivedPackets)
        self.seconds = seconds
    }

    /// A share of fewer packets than this says nothing.
    private static let leastPackets: UInt64 = 20

    /// Both directions.
    package var payload: Double { self.sentPayload + self.receivedPayload }
    package var wire: Double { self.sentWire + self.receivedWire }
}
