import PacketPrimitives

/// The bytes of one direction of a stream, which both ends can make from any place on.
package struct StreamContent {
    private let seed: UInt64
    /// After so many words they repeat.
    private let period: UInt64

    /// - Parameter stream: any number that tells the streams of a run apart.
    package init(stream: UInt64, role: Int, isCompressible: Bool) {
        self.seed = SeededRandomSource(seed: stream &* 2 &+ UInt64(role)).next()
        self.period = isCompressible ? 24 : .max
    }

    /// Eight bytes, little-endian.
    private func word(_ index: Int) -> UInt64 {
        SeededRandomSource.mix(self.seed &+ UInt64(index) % self.period)
    }

    /// The bytes from `offset` to the end of its word, lowest first.
    private func rest(of offset: Int) -> UInt64 { self.word(offset / 8) >> (8 * UInt64(offset % 8)) }

    /// Fills `payload` with the bytes from `offset` on.
    package func fill(_ payload: inout MutableRawSpan, from offset: Int) {
        var position = 0
        while position < payload.byteCount {
            let count = min(8 - (offset + position) % 8, payload.byteCount - position)
            var word = self.rest(of: offset + position)
            for index in position..<position + count {
                payload.storeBytes(of: UInt8(truncatingIfNeeded: word), toByteOffset: index, as: UInt8.self)
                word >>= 8
            }
            position += count
        }
    }

    /// Whether these are the bytes from `offset` on.
    package func matches(_ bytes: RawSpan, from offset: Int) -> Bool {
        var position = 0
        while position < bytes.byteCount {
            let count = min(8 - (offset + position) % 8, bytes.byteCount - position)
            var word = self.rest(of: offset + position)
            for index in position..<position + count {
                guard bytes.littleEndian(at: index) == UInt8(truncatingIfNeeded: word) else { return false }
                word >>= 8
            }
            position += count
        }
        return true
    }
}
