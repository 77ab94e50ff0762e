/// Carries datagrams; one byte each decides what becomes of it.
struct HostileLink {
    private var arrivals: [[UInt8]] = []
    private var delayed: [[UInt8]] = []

    /// What happens to a datagram. All that is not named arrives.
    private enum Fate: UInt8 {
        case lost = 1
        case repeated = 2
        /// Behind the next datagram that is not delayed.
        case delayed = 3
        case damaged = 4
    }

    mutating func send(_ datagram: [UInt8], fate: UInt8) {
        switch Fate(rawValue: fate % 8) {
        case .lost: return
        case .repeated: self.arrivals += [datagram, datagram]
        case .delayed: return self.delayed.append(datagram)
        case .damaged, nil: self.arrivals.append(datagram)
        }
        self.release()
    }

    /// The same, but some datagrams arrive with a wrong byte. For what has a checksum.
    mutating func send(_ datagram: [UInt8], fate: UInt8, damaging: Bool) {
        guard damaging, Fate(rawValue: fate % 8) == .damaged, !datagram.isEmpty else {
            return self.send(datagram, fate: fate)
        }
        var damaged = datagram
        damaged[Int(fate) % damaged.count] ^= 0x10 | fate >> 5
        self.arrivals.append(damaged)
    }

    /// Lets go what was delayed.
    mutating func release() {
        self.arrivals += self.delayed.reversed()
        self.delayed = []
    }

    mutating func takeArrivals() -> [[UInt8]] {
        defer { self.arrivals = [] }
        return self.arrivals
    }
}
