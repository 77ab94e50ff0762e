import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct MemoryBudgetTests {
    private static let limitByteCount = 100 << 20
    private static let share = Self.limitByteCount / 5 * 4

    private static func budget(loopCount: Int = 1, sessionCount: Int = 1) -> MemoryBudget {
        let limit = MemoryLimit(byteCount: Self.limitByteCount, loopCount: loopCount)
        for _ in 0..<sessionCount { limit.sessionBegan() }
        return MemoryBudget(limit: limit)
    }

    @Test(arguments: [
        (10, MemoryBudget.Level.free), (75, .free), (85, .tight), (92, .tight), (98, .full), (120, .full),
    ])
    func `the level is how much of the limit is in use`(percent: Int, level: MemoryBudget.Level) {
        var budget = Self.budget()
        budget.change(by: Self.limitByteCount / 100 * percent)
        #expect(budget.level == level)
    }

    @Test func `what is held is taken from the limit in pieces, and all of it given back`() {
        var budget = Self.budget()
        let piece = budget.limit.pieceByteCount
        budget.change(by: 1)
        #expect(budget.limit.takenByteCount == piece)
        budget.change(by: piece - 1)
        #expect(budget.limit.takenByteCount == piece)
        budget.change(by: 1)
        #expect(budget.limit.takenByteCount == 2 * piece)
        budget.change(by: -1)
        #expect(budget.heldByteCount == piece)
        budget.change(by: -piece)
        #expect(budget.heldByteCount == 0 && budget.limit.takenByteCount == 0)
    }

    @Test(arguments: 1...5) func `what is taken is never less than what is held, and hardly more`(seed: UInt64) {
        var random = SeededRandomSource(seed: seed)
        var budget = Self.budget(loopCount: 4)
        for _ in 0..<2000 {
            budget.change(by: Int.random(in: -min(budget.heldByteCount, 3 << 20)...(3 << 20), using: &random))
            let spare = budget.limit.takenByteCount - budget.heldByteCount
            #expect(spare >= 0 && spare < 2 * budget.limit.pieceByteCount)
        }
    }

    @Test func `the loops share one limit`() {
        var one = Self.budget(loopCount: 2)
        var other = MemoryBudget(limit: one.limit)
        one.change(by: Self.limitByteCount / 2)
        #expect(other.level == .free)
        other.change(by: Self.limitByteCount / 100 * 40)
        #expect(one.level == .tight && other.level == .tight)
        one.change(by: -Self.limitByteCount / 2)
        #expect(other.level == .free)
    }

    @Test func `nobody needs to care while there is enough`() {
        var budget = Self.budget(sessionCount: 10)
        budget.change(by: Self.limitByteCount / 2)
        #expect(budget.allowance(holding: Self.limitByteCount / 2) == nil)
    }

    @Test func `when it gets tight those that hold more than their share are held back`() {
        var budget = Self.budget(sessionCount: 10)
        budget.change(by: Self.limitByteCount / 100 * 85)
        #expect(budget.allowance(holding: Self.share / 10) == nil)
        #expect(budget.allowance(holding: Self.share / 10 + 1) == Self.share / 10)
    }

    @Test func `when it is full nobody gets more than what is counted for it already`() {
        var budget = Self.budget(sessionCount: 10)
        budget.change(by: Self.limitByteCount)
        #expect(budget.allowance(holding: 0) == MemoryBudget.sessionByteCount)
        #expect(budget.allowance(holding: 1 << 20) == 1 << 20)
        #expect(budget.allowance(holding: 50 << 20) == Self.share / 10)
    }

    @Test func `of very many sessions each has a least share`() {
        var budget = Self.budget(sessionCount: 100_000)
        budget.change(by: Self.limitByteCount)
        #expect(budget.allowance(holding: 1 << 20) == MemoryBudget.sessionByteCount)
    }

    @Test func `another limit counts at once`() {
        var budget = Self.budget()
        budget.change(by: Self.limitByteCount / 2)
        budget.limit.byteCount = Self.limitByteCount / 2
        #expect(budget.level == .full)
        #expect(budget.figures.limitByteCount == Self.limitByteCount / 2)
    }

    @Test func `without a limit nothing is ever full`() {
        var budget = MemoryBudget(limit: MemoryLimit(byteCount: .max, loopCount: 8))
        budget.change(by: 1 << 40)
        #expect(budget.level == .free)
    }
}
