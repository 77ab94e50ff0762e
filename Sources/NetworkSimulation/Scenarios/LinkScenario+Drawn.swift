import PacketPrimitives

// Random links, for sweeps: what no table lists must work too.
extension LinkScenario {
    /// The link that `seed` decides: 5–300 ms, 1–500 Mbit/s, up to 40 % loss, buffers of 20–500 ms, with jitter, policers
    /// and asymmetry in some. Rates, round trips and buffers are spread evenly over their orders of magnitude.
    package static func drawn(seed: UInt64) -> LinkScenario {
        let draw = LinkDraw(seed: seed)
        let roundTrip = draw.spread(5, 300)
        let down = draw.path(megabitsPerSecond: draw.spread(1, 500), roundTripMilliseconds: roundTrip)
        var up = down
        // A link with a slow way back has faults of its own there.
        if draw.happens(0.3) {
            let slower = max(down.megabitsPerSecond * draw.spread(0.1, 1), 0.5)
            up = draw.path(megabitsPerSecond: slower, roundTripMilliseconds: roundTrip)
        }
        up.policer = nil
        return LinkScenario(name: "draw \(seed)", roundTripMilliseconds: roundTrip, down: down, up: up)
    }
}

/// The random choices of one link.
private struct LinkDraw {
    private let random: SeededRandomSource

    init(seed: UInt64) {
        // The first numbers of neighbouring seeds are used side by side in a sweep: start far apart.
        self.random = SeededRandomSource(seed: SeededRandomSource(seed: seed).next())
    }

    func happens(_ probability: Double) -> Bool { self.random.nextUnit() < probability }

    func even(_ low: Double, _ high: Double) -> Double { low + (high - low) * self.random.nextUnit() }

    /// Evenly over the orders of magnitude.
    func spread(_ low: Double, _ high: Double) -> Double {
        // low × (high / low)^u without a power function: halves of the exponent, bit by bit of u.
        var exponent = self.random.nextUnit()
        var root = high / low
        var value = low
        for _ in 0..<30 {
            root = root.squareRoot()
            exponent *= 2
            if exponent >= 1 {
                value *= root
                exponent -= 1
            }
        }
        return value
    }

    func path(megabitsPerSecond: Double, roundTripMilliseconds: Double) -> LinkScenario.Path {
        let bytesPerMillisecond = megabitsPerSecond * 125
        // A buffer has room for a few datagrams whatever the rate.
        let buffer = max(Int(self.spread(20, 500) * bytesPerMillisecond), 8 * 1378)
        return LinkScenario.Path(
            megabitsPerSecond: megabitsPerSecond, queue: .bytes(buffer), loss: self.loss(),
            jitter: self.jitter(upTo: min(30, roundTripMilliseconds / 4)),
            policer: self.happens(0.15) ? self.policer(megabitsPerSecond: megabitsPerSecond) : nil)
    }

    private func loss() -> LinkScenario.Loss {
        let amount = self.random.nextUnit()
        let kind = self.random.nextUnit()
        let length = self.even(2, 12)
        if kind < 0.2 { return .none }
        return kind < 0.4 ? .bursts(0.1 * amount * amount, meanLength: length) : .random(0.4 * amount * amount)
    }

    private func jitter(upTo milliseconds: Double) -> LinkConditions.Jitter {
        let maximum = Int(self.even(0, milliseconds) * 1000)
        let kind = self.random.nextUnit()
        if kind < 0.5 { return .none }
        return kind < 0.75 ? .inOrder(maximumMicroseconds: maximum) : .reordering(maximumMicroseconds: maximum)
    }

    private func policer(megabitsPerSecond: Double) -> Policer {
        let rate = megabitsPerSecond * self.even(0.3, 0.9)
        let burst = rate * 125 * self.spread(20, 200)
        return Policer(bitsPerSecond: Int(rate * 1e6), burstByteCount: max(Int(burst), 8 * 1378))
    }
}
