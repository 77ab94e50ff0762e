import Testing

@testable import SnappyFraming

@Suite struct BlockEncoderTests {
    @Test(arguments: [0, 1, 17, 1000, 65536]) func `a block expands to its content`(byteCount: Int) {
        let plain = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 % 50) }
        var block = [UInt8](repeating: 0, count: BlockEncoder.maximumByteCount(for: byteCount))
        var blockSpan = block.mutableSpan
        var blockBytes = blockSpan.mutableBytes
        let blockByteCount = BlockEncoder.compress(plain.span.bytes, into: &blockBytes)
        let compressed = Array(block[..<blockByteCount])
        #expect(BlockDecoder.uncompressedByteCount(of: compressed.span.bytes) == byteCount)
        var expanded = [UInt8](repeating: 0xEE, count: byteCount)
        var expandedSpan = expanded.mutableSpan
        var expandedBytes = expandedSpan.mutableBytes
        let isIntact = BlockDecoder.expand(compressed.span.bytes, into: &expandedBytes)
        #expect(isIntact)
        #expect(expanded == plain)
    }
}
