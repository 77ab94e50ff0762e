import PacketPrimitives

/// What a seed decides, choice by choice.
struct SeedDraw {
    private let random: SeededRandomSource

    init(seed: UInt64) {
        // The first numbers of neighbouring seeds are used side by side: start far apart.
        self.random = SeededRandomSource(seed: SeededRandomSource(seed: seed).next())
    }

    func happens(_ probability: Double) -> Bool { self.random.nextUnit() < probability }

    func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(self.random.next() % UInt64(range.count))
    }

    func pick<Value>(_ values: [Value]) -> Value { values[self.number(0...values.count - 1)] }

    /// For something that draws by itself.
    func seed() -> UInt64 { self.random.next() }
}
