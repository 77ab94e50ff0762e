import Testing

@testable import ErasureCoding

@Suite struct ShardNumberingTests {
    @Test(arguments: [(10, 3, 4_294_967_287), (3, 2, 4_294_967_295), (70, 30, 4_294_967_200)] as [(Int, Int, UInt32)])
    func `numbers start again at the last multiple of the group size`(data: Int, parity: Int, limit: UInt32) {
        let numbering = ShardNumbering(dataShards: data, parityShards: parity)
        #expect(numbering.limit == limit)
        #expect(numbering.advance(limit - 1) == 0)
        #expect(numbering.advance(limit - UInt32(parity), by: parity) == 0)
    }

    @Test func `age is counted across the wrap`() {
        let numbering = ShardNumbering(dataShards: 10, parityShards: 3)
        let last = numbering.group(of: numbering.limit - 1)
        #expect(numbering.age(of: last, newest: last) == 0)
        #expect(numbering.age(of: last, newest: 0) == 1)
        #expect(numbering.age(of: last - 2, newest: 0) == 3)
        #expect(numbering.age(of: 0, newest: last) == -1)
        #expect(numbering.age(of: 7, newest: 5) == -2)
    }
}
