/// How late an event loop did what was due: its timers, and answers to questions of other threads.
///
/// Only what happens anyway is measured, so that an idle loop sleeps on.
package struct LagHistogram: Hashable, Sendable {
    /// What counts as up to one of the bounds; the last count is for everything above.
    package static let upperBoundsMicroseconds = [1000, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000]

    package private(set) var counts = [UInt64](repeating: 0, count: Self.upperBoundsMicroseconds.count + 1)
    package private(set) var totalMicroseconds: UInt64 = 0

    package init() {}

    package mutating func add(microseconds: Int) {
        let bounds = Self.upperBoundsMicroseconds
        var index = 0
        while index < bounds.count, microseconds > bounds[index] { index += 1 }
        self.counts[index] &+= 1
        self.totalMicroseconds &+= UInt64(max(microseconds, 0))
    }

    /// How many samples there are.
    package var count: UInt64 { self.counts.reduce(0, &+) }

    /// The samples above a bound, which must be one of the bounds.
    package func count(aboveMicroseconds bound: Int) -> UInt64 {
        guard let index = Self.upperBoundsMicroseconds.firstIndex(of: bound) else { preconditionFailure("no bound") }
        return self.counts[(index + 1)...].reduce(0, &+)
    }

    package static func += (left: inout LagHistogram, right: LagHistogram) {
        for index in left.counts.indices { left.counts[index] &+= right.counts[index] }
        left.totalMicroseconds &+= right.totalMicroseconds
    }
}
