import PacketPrimitives
import Testing

@testable import SnappyFraming

@Suite struct ScratchBufferTests {
    @Test func `it holds nothing at first and after release`() {
        var buffer = ScratchBuffer()
        let atFirst = buffer.byteCapacity
        buffer.reserve(10)
        let reserved = buffer.byteCapacity
        buffer.release()
        let atLast = buffer.byteCapacity
        #expect(atFirst == 0 && reserved >= 10 && atLast == 0)
    }

    @Test func `growing keeps what is asked for`() {
        var buffer = ScratchBuffer()
        buffer.reserve(8)
        var bytes = buffer.mutableBytes(in: 0..<8)
        bytes.storeLittleEndian(0x0123_4567_89AB_CDEF as UInt64, at: 0)
        buffer.reserve(100_000, keeping: 8)
        let kept = buffer.bytes(in: 0..<8).littleEndian(at: 0, as: UInt64.self)
        #expect(kept == 0x0123_4567_89AB_CDEF)
    }

    @Test func `reading outside is our bug`() async {
        await #expect(processExitsWith: .failure) {
            var buffer = ScratchBuffer()
            buffer.reserve(10)
            _ = buffer.bytes(in: 0..<(buffer.byteCapacity + 1)).byteCount
        }
    }
}
