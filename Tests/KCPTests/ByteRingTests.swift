import PacketPrimitives
import Testing

@testable import KCP

@Suite struct ByteRingTests {
    private func copy(_ ring: borrowing ByteRing, from position: UInt64, byteCount: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: byteCount + 1)
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        ring.copyBytes(from: position, byteCount: byteCount, to: &raw, at: 1)
        return [UInt8](bytes[1...])
    }

    @Test func `an empty ring holds no memory`() {
        var ring = ByteRing()
        ring.append([UInt8]().span.bytes)
        #expect(ring.capacity == 0 && ring.byteCount == 0)
    }

    @Test(arguments: 1...8)
    func `it holds what an array would hold`(seed: UInt64) {
        let random = SeededRandomSource(seed: seed)
        var ring = ByteRing()
        var model: [UInt8] = []
        for step in 0..<400 {
            let bytes = (0..<random.number(in: 0...700)).map { UInt8(truncatingIfNeeded: $0 ^ step) }
            ring.append(bytes.span.bytes)
            model += bytes
            let released = random.number(in: 0...min(model.count, 800))
            ring.release(to: ring.start + UInt64(released))
            model.removeFirst(released)
            #expect(ring.byteCount == model.count)
            let offset = random.number(in: 0...model.count)
            let count = random.number(in: 0...(model.count - offset))
            #expect(
                self.copy(ring, from: ring.start + UInt64(offset), byteCount: count)
                    == [UInt8](model[offset..<(offset + count)]))
        }
    }

    @Test(arguments: 1...8)
    func `what is written in place is what would have been appended`(seed: UInt64) {
        let random = SeededRandomSource(seed: seed)
        var ring = ByteRing()
        var model: [UInt8] = []
        var inPlaceCount = 0
        for step in 0..<400 {
            let bytes = (0..<random.number(in: 0...700)).map { UInt8(truncatingIfNeeded: $0 ^ step) }
            let limit = bytes.count + random.number(in: 0...100)
            let count = ring.appendInPlace(limit: limit) { room in
                room.copyBytes(from: bytes.span.bytes, at: 0)
                return bytes.count
            }
            if count == nil { ring.append(bytes.span.bytes) } else { inPlaceCount += 1 }
            model += bytes
            let released = random.number(in: 0...min(model.count, 800))
            ring.release(to: ring.start + UInt64(released))
            model.removeFirst(released)
            #expect(ring.byteCount == model.count)
            #expect(self.copy(ring, from: ring.start, byteCount: model.count) == model)
        }
        #expect(inPlaceCount > 100)
    }

    @Test func `growing keeps positions and bytes across the seam`() {
        var ring = ByteRing()
        ring.append([UInt8](repeating: 1, count: 2000).span.bytes)
        ring.release(to: 1900)
        ring.append([UInt8](repeating: 2, count: 1900).span.bytes)
        #expect(ring.capacity == 2048)
        ring.append([UInt8](repeating: 3, count: 5000).span.bytes)
        let bytes = self.copy(ring, from: 1900, byteCount: 7000)
        #expect(
            bytes == [UInt8](repeating: 1, count: 100) + [UInt8](repeating: 2, count: 1900)
                + [UInt8](repeating: 3, count: 5000))
    }

    @Test func `only an empty ring gives its memory back`() {
        var ring = ByteRing()
        ring.append(([1, 2, 3] as [UInt8]).span.bytes)
        ring.trim()
        #expect(ring.capacity > 0)
        ring.release(to: ring.end)
        ring.trim()
        #expect(ring.capacity == 0)
        ring.append(([4] as [UInt8]).span.bytes)
        #expect(self.copy(ring, from: ring.start, byteCount: 1) == [4])
    }
}

@Suite struct ByteRingShrinkingTests {
    @Test(arguments: [0, 1, 1000, 3000]) func `a ring that is mostly empty gives memory back, and no byte`(left: Int) {
        let text = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        var ring = ByteRing()
        // So that what is left goes round the end.
        ring.append(text.span.bytes)
        ring.release(to: 99_000)
        ring.append(text.span.bytes.extracting(first: 50_000))
        ring.release(to: ring.end - UInt64(left))
        let capacity = ring.capacity
        ring.shrink()
        #expect(ring.byteCount == left)
        #expect(ring.capacity < capacity && ring.capacity <= max(4 * left, 2048))
        var copy = [UInt8](repeating: 0, count: left)
        var span = copy.mutableSpan
        var target = span.mutableBytes
        ring.copyBytes(from: ring.start, byteCount: left, to: &target, at: 0)
        #expect(copy == Array(text[..<50_000].suffix(left)))
    }
}
