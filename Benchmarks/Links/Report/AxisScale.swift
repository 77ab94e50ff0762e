/// Maps values to the length of an axis, with ticks at round numbers.
struct AxisScale {
    let low: Double
    let high: Double
    /// Where the ticks are, from `low` to `high`.
    let ticks: [Double]

    /// An axis from 0 to at least `largest`, with about `tickCount` ticks.
    init(upTo largest: Double, tickCount: Int = 4) {
        let step = Self.roundStep(max(largest, 1e-9) / Double(tickCount))
        let count = max(Int((largest / step).rounded(.up)), 1)
        self.init(low: 0, high: step * Double(count), step: step)
    }

    /// An axis that ends exactly at `high`.
    init(from low: Double, to high: Double, tickCount: Int) {
        self.init(low: low, high: high, step: Self.roundStep((high - low) / Double(tickCount)))
    }

    private init(low: Double, high: Double, step: Double) {
        self.low = low
        self.high = high
        let first = Int((low / step).rounded(.up))
        let last = Int((high / step + 1e-6).rounded(.down))
        self.ticks = (first...max(last, first)).map { Double($0) * step }
    }

    /// 0 at the low end, 1 at the high end.
    func position(_ value: Double) -> Double {
        min(max((value - self.low) / (self.high - self.low), 0), 1)
    }

    /// 1, 2 or 5 times a power of ten, at least `step`.
    private static func roundStep(_ step: Double) -> Double {
        var power = 1.0
        while power * 10 <= step { power *= 10 }
        while power > step { power /= 10 }
        return power * ([1, 2, 5].first { power * $0 >= step * 0.999 } ?? 10)
    }
}
