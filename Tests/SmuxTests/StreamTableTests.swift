import Testing

@testable import Smux

@Suite struct StreamTableTests {
    private func id(_ value: Int) -> StreamID { StreamID(rawValue: UInt32(value)) }

    private func table(_ values: Range<Int>) -> StreamTable {
        var table = StreamTable()
        for value in values { _ = table.insert(StreamState(id: self.id(value))) }
        return table
    }

    private func slot(of value: Int, in table: inout StreamTable) throws -> Int {
        let slot = table.slot(of: self.id(value))
        return try #require(slot)
    }

    private func isPresent(_ value: Int, in table: inout StreamTable) -> Bool { table.slot(of: self.id(value)) != nil }

    @Test func `a stream is found by its id`() throws {
        var table = self.table(0..<10)
        let slot = try self.slot(of: 7, in: &table)
        #expect(table[slot].id == self.id(7))
        #expect(self.isPresent(10, in: &table) == false)
    }

    @Test func `a removed stream is not found, not even right after a look-up`() throws {
        var table = self.table(0..<10)
        table.remove(try self.slot(of: 7, in: &table))
        #expect(self.isPresent(7, in: &table) == false)
        #expect(table.count == 9)
    }

    @Test func `slots are used again`() throws {
        var table = self.table(0..<10)
        table.remove(try self.slot(of: 7, in: &table))
        _ = table.insert(StreamState(id: self.id(100)))
        #expect(table.slotCount == 10)
        #expect(self.isPresent(7, in: &table) == false)
        #expect(self.isPresent(100, in: &table) == true)
    }

    @Test func `a table that empties moves together and forgets nothing`() throws {
        var table = self.table(0..<2000)
        var moves = 0
        for value in 0..<1990 {
            table.remove(try self.slot(of: value, in: &table))
            if table.compact() != nil { moves += 1 }
        }
        #expect(moves > 0 && moves < 8)
        #expect(table.slotCount <= 64)
        for value in 1990..<2000 {
            let slot = try self.slot(of: value, in: &table)
            #expect(table[slot].id == self.id(value))
        }
    }

    @Test func `compaction tells where each stream went`() throws {
        var table = self.table(0..<100)
        for value in 0..<90 { table.remove(try self.slot(of: value, in: &table)) }
        let moved = table.compact()
        let newSlots = try #require(moved)
        for old in 90..<100 { #expect(table[Int(newSlots[old])].id == self.id(old)) }
        #expect(newSlots[..<90].allSatisfy { $0 == -1 })
    }
}
