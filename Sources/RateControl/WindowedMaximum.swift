/// The largest value of the last rounds.
struct WindowedMaximum {
    private var values: InlineArray<10, Double> = .init(repeating: 0)
    private var current = 0

    var value: Double {
        var largest = 0.0
        for index in self.values.indices { largest = max(largest, self.values[index]) }
        return largest
    }

    mutating func add(_ value: Double) { self.values[self.current] = max(self.values[self.current], value) }

    /// A round has ended; forgets the oldest.
    mutating func startRound() {
        self.current = (self.current + 1) % self.values.count
        self.values[self.current] = 0
    }

    /// Forgets all but `value`.
    mutating func reset(to value: Double) {
        self.values = .init(repeating: 0)
        self.values[self.current] = value
    }
}
