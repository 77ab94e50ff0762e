/// How long to wait before something that has failed is tried again: longer each time, and not for all who wait alike.
struct BackOff: Equatable {
    static let firstMilliseconds = 250
    static let limitMilliseconds = 8000

    /// How often it has failed in a row.
    private(set) var failureCount = 0

    /// Takes note of a failure and returns the wait, milliseconds: 250 doubling to 8000, up to a quarter less or more.
    /// - Parameter random: all bits random.
    mutating func next(random: UInt32) -> Int {
        let doublings = min(self.failureCount, Int.bitWidth - Self.firstMilliseconds.leadingZeroBitCount)
        self.failureCount += 1
        let wait = min(Self.firstMilliseconds << doublings, Self.limitMilliseconds)
        return wait - wait / 4 + Int((UInt64(random) * UInt64(wait / 2 + 1)) >> 32)
    }
}
