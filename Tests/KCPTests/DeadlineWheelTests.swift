import PacketPrimitives
import Testing

@testable import KCP

@Suite struct DeadlineWheelTests {
    /// A wheel and a plain table of the same deadlines.
    private struct Pair: ~Copyable {
        var wheel = DeadlineWheel()
        var records = SequenceRing<SegmentRecord>(capacity: 256)
        var model: [UInt32: UInt64] = [:]

        mutating func insert(_ number: UInt32, deadline: UInt64, now: UInt64) {
            self.records[number].deadline = UInt32(truncatingIfNeeded: deadline)
            self.wheel.insert(number, now: now, in: &self.records)
            self.model[number] = deadline
        }

        mutating func remove(_ number: UInt32) {
            self.wheel.remove(number, in: &self.records)
            self.model[number] = nil
        }

        mutating func collect(through now: UInt64) -> (found: [UInt32], expected: [UInt32]) {
            var found: [UInt32] = []
            self.wheel.collect(through: now, into: &found, records: &self.records)
            let expected = self.model.filter { $0.value <= now }.keys.sorted()
            for number in expected { self.model[number] = nil }
            return (found.sorted(), expected)
        }
    }

    @Test func `an empty wheel has no deadline`() {
        var pair = Pair()
        #expect(pair.wheel.earliest == nil)
        pair.remove(3)
        #expect(pair.wheel.count == 0)
    }

    @Test(arguments: [UInt64(1), 255, 256, 511, 512, 5000, 16383, 16384, 70000, 3_000_000])
    func `a deadline is collected at its millisecond and not before`(delay: UInt64) {
        var pair = Pair()
        let start: UInt64 = 0xFFFF_FFFF - 1000
        pair.insert(9, deadline: start + delay, now: start)
        #expect(pair.collect(through: start + delay - 1).found == [])
        #expect(pair.wheel.earliest == start + delay)
        #expect(pair.collect(through: start + delay).found == [9])
        #expect(pair.wheel.count == 0 && pair.wheel.earliest == nil)
    }

    @Test(arguments: 1...30)
    func `it collects what a table would`(seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        var pair = Pair()
        var now = UInt64(random.number(in: 0...0xFFFF_FFFF))
        let spans = [20, 300, 600, 20_000, 60_000]
        for _ in 0..<3000 {
            let number = UInt32(random.number(in: 0...255))
            if pair.model[number] != nil, random.chance(0.7) {
                pair.remove(number)
            } else if pair.model[number] == nil {
                let span = spans[random.number(in: 0...4)]
                pair.insert(number, deadline: now + UInt64(random.number(in: 1...span)), now: now)
            }
            if random.chance(0.3) { now += UInt64(random.number(in: 0...spans[random.number(in: 0...3)])) }
            let result = pair.collect(through: now)
            try #require(result.found == result.expected)
            let count = pair.wheel.count
            try #require(count == pair.model.count)
            try self.checkEarliest(pair, now: now)
        }
    }

    private func checkEarliest(_ pair: borrowing Pair, now: UInt64) throws {
        let found = pair.wheel.earliest
        guard let truth = pair.model.values.min() else {
            try #require(found == nil)
            return
        }
        let earliest = try #require(found)
        if truth < now + 256 {
            try #require(earliest == truth)
        } else {
            try #require(earliest <= truth && earliest >= now + 256)
        }
    }
}
