/// The receiving half of a competing flow: keeps the order in which transmissions arrived, which is what its
/// acknowledgements tell.
struct FlowReceiver {
    /// Numbers of the transmissions that have arrived, in order of arrival.
    private(set) var arrivals: [UInt64] = []
    /// The first packet that is missing.
    private(set) var expected: UInt64 = 0
    /// Packets behind it that have arrived.
    private var waiting: Set<UInt64> = []

    /// Takes a packet; returns how many more are in order now.
    mutating func receive(transmission: UInt64, packet: UInt64) -> Int {
        self.arrivals.append(transmission)
        let before = self.expected
        if packet == self.expected {
            self.expected += 1
            while self.waiting.remove(self.expected) != nil { self.expected += 1 }
        } else if packet > self.expected {
            self.waiting.insert(packet)
        }
        return Int(self.expected - before)
    }
}
