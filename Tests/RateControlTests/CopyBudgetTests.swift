import PacketPrimitives
import Testing

@testable import RateControl

@Suite struct CopyBudgetTests {
    private static func time(_ milliseconds: Int) -> Instant { Instant(milliseconds: UInt64(1000 + milliseconds)) }

    /// Takes 100 bytes a millisecond as long as there are any.
    private static func taken(rate: Double, isOptional: Bool, milliseconds: Int) -> Int {
        var budget = CopyBudget(now: Self.time(0))
        var byteCount = 0
        for time in 0..<milliseconds
        where budget.take(100, isOptional: isOptional, bytesPerSecond: rate, now: Self.time(time)) {
            byteCount += 100
        }
        return byteCount
    }

    @Test(arguments: [10_000.0, 48_000]) func `no more than the rate is handed out`(rate: Double) {
        let byteCount = Self.taken(rate: rate, isOptional: false, milliseconds: 10_000)
        #expect(abs(byteCount - Int(rate * 10)) <= 5000)
    }

    @Test func `what is optional leaves half of the savings`() {
        #expect(Self.taken(rate: 0, isOptional: false, milliseconds: 100) == 2000)
        #expect(Self.taken(rate: 0, isOptional: true, milliseconds: 100) == 1000)
    }
}
