import Testing

@testable import KCP

@Suite struct BlockPoolTests {
    @Test func `a block that was given back is used again`() {
        var pool = BlockPool()
        let block = pool.take(byteCount: 100)
        pool.giveBack(block, byteCount: 100)
        #expect(pool.freeCount == 1)
        #expect(pool.take(byteCount: BlockPool.blockByteCount) == block)
        pool.giveBack(block, byteCount: 100)
        pool.trim(to: 0)
        #expect(pool.freeCount == 0)
    }

    @Test func `a block larger than a datagram is not kept`() {
        var pool = BlockPool()
        let block = pool.take(byteCount: 60_000)
        block.storeBytes(of: 1, toByteOffset: 59_999, as: UInt8.self)
        pool.giveBack(block, byteCount: 60_000)
        #expect(pool.freeCount == 0)
    }

    @Test func `a larger block takes the place of a free one`() {
        var pool = BlockPool()
        let block = pool.take(byteCount: 100)
        pool.giveBack(block, byteCount: 100)
        let large = pool.take(byteCount: BlockPool.blockByteCount + 1)
        #expect(pool.freeCount == 0 && pool.byteCount == BlockPool.blockByteCount + 1)
        pool.giveBack(large, byteCount: BlockPool.blockByteCount + 1)
        #expect(pool.byteCount == 0)
    }
}
