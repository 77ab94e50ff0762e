import PacketPrimitives
import TestSupport
import Testing

@testable import Smux

@Suite struct FrameTests {
    @Test func `a header is eight little-endian bytes`() {
        let bytes = frame(1, .push, 0x0403_0201, [0xAA, 0xBB])
        #expect(bytes.hex == "0102020001020304aabb")
    }

    @Test func `reading gives back what was written`() {
        let header = Frame(version: 2, command: .windowUpdate, payloadByteCount: 8, stream: StreamID(rawValue: .max))
        #expect(Frame(word: header.word) == header)
        #expect(header.command == .windowUpdate)
    }

    @Test(arguments: [5, 255] as [UInt64]) func `an unknown command is nil`(byte: UInt64) {
        #expect(Frame(word: 2 | byte << 8).command == nil)
    }

    @Test(arguments: 1...9) func `a word is the same however it is cut`(pieceByteCount: Int) {
        let bytes = (0x8877_6655_4433_2211 as UInt64).littleEndianBytes + [0x99]
        var assembler = WordAssembler()
        var words: [UInt64] = []
        for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
            let piece = Array(bytes[start..<min(bytes.count, start + pieceByteCount)])
            var offset = 0
            while offset < piece.count {
                if let word = assembler.take(from: piece.span.bytes, at: &offset) { words.append(word) }
            }
        }
        #expect(words == [0x8877_6655_4433_2211])
        #expect(!assembler.isEmpty)
    }
}
