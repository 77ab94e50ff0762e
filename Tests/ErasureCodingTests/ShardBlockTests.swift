import PacketPrimitives
import Testing

@testable import ErasureCoding

@Suite struct ShardBlockTests {
    @Test(arguments: 1...5 as ClosedRange<UInt64>) func `shards survive the growth of the block`(seed: UInt64) {
        let random = SeededRandomSource(seed: seed)
        var block = ShardBlock()
        for round in 1...3 {
            let shards = random.packets(round * 30, byteCounts: 0...round * 500)
            block.removeAll()
            for shard in shards { block.append(shard.span.bytes) }
            #expect((0..<block.count).map { block.bytes(of: $0).array } == shards, "seed \(seed)")
            #expect(block.longest == shards.map(\.count).max())
        }
    }

    @Test func `a block that has given its memory back starts anew`() {
        var block = ShardBlock()
        block.append([UInt8](repeating: 7, count: 500).span.bytes)
        block.release()
        #expect(block.count == 0 && block.longest == 0)
        block.append(([1, 2] as [UInt8]).span.bytes)
        #expect(block.bytes(of: 0).array == [1, 2])
    }

    @Test func `padding fills with zeros, also what an earlier shard left`() {
        var block = ShardBlock()
        block.append([UInt8](repeating: 7, count: 50).span.bytes)
        block.removeAll()
        block.append(([1, 2] as [UInt8]).span.bytes)
        block.pad(to: 100)
        let row = UnsafeBufferPointer(start: block.pointer(to: 0), count: 100)
        #expect(Array(row) == [1, 2] + [UInt8](repeating: 0, count: 98))
    }
}
