import TestSupport
import Testing

@testable import SnappyFraming

@Suite struct BlockDecoderTests {
    private func expand(_ hex: String, byteCount: Int) -> [UInt8]? {
        let block = [UInt8](hex: hex)!
        var output = [UInt8](repeating: 0, count: byteCount)
        var span = output.mutableSpan
        var bytes = span.mutableBytes
        let isIntact = BlockDecoder.expand(block.span.bytes, into: &bytes)
        return isIntact ? output : nil
    }

    @Test func `a copy may overlap its own output`() {
        #expect(self.expand("0c00611d01", byteCount: 12) == [UInt8](repeating: 0x61, count: 12))
    }

    @Test(arguments: ["0c00611d00", "0c00611d02", "0c0061", "0d00611d01", "0b00611d01"])
    func `a corrupt block is refused`(hex: String) {
        #expect(self.expand(hex, byteCount: Int([UInt8](hex: hex)![0])) == nil)
    }

    @Test(arguments: ["", "80", "ffffffffff7f"]) func `a block without a length is refused`(hex: String) {
        let block = [UInt8](hex: hex)!
        #expect(BlockDecoder.uncompressedByteCount(of: block.span.bytes) == nil)
    }
}
