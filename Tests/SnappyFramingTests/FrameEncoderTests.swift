import PacketPrimitives
import TestSupport
import Testing

@testable import SnappyFraming

@Suite struct FrameEncoderTests {
    private func randomBytes(_ byteCount: Int, seed: UInt64 = 1) -> [UInt8] {
        let random = SeededRandomSource(seed: seed)
        return (0..<byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private func text(_ byteCount: Int) -> [UInt8] {
        let line = Array("GET /index.html HTTP/1.1\r\n".utf8)
        return (0..<byteCount).map { line[$0 % line.count] }
    }

    /// Noise that repeats at a distance longer than the sample, and short enough for snappy to find.
    private func hiddenRepetition() -> [UInt8] {
        let block = self.randomBytes(1100)
        return (0..<7).flatMap { _ in block }
    }

    /// The type bytes of the chunks in a stream.
    private func kinds(_ stream: [UInt8]) -> [UInt8] {
        var kinds: [UInt8] = []
        var offset = 0
        while offset < stream.count {
            kinds.append(stream[offset])
            let byteCount = Int(stream[offset + 1]) | Int(stream[offset + 2]) << 8 | Int(stream[offset + 3]) << 16
            offset += 4 + byteCount
        }
        return kinds
    }

    @Test func `the identifier comes first and once`() {
        var encoder = FrameEncoder()
        #expect(encoder.encode([1]).hex.hasPrefix("ff060000734e61507059" + "01050000"))
        #expect(encoder.encode([1]).hex.hasPrefix("01050000"))
    }

    @Test func `nothing comes of no bytes`() {
        var encoder = FrameEncoder()
        #expect(encoder.encode([]).isEmpty)
    }

    @Test(arguments: [(65536, 1), (65537, 2), (200_000, 4)])
    func `a long write is split at 64 KiB`(byteCount: Int, chunkCount: Int) {
        var encoder = FrameEncoder()
        #expect(self.kinds(encoder.encode(self.text(byteCount))).dropFirst().count == chunkCount)
        #expect(self.kinds(encoder.encode(self.randomBytes(byteCount))).count == chunkCount)
    }

    @Test func `text is compressed, noise is stored`() {
        var encoder = FrameEncoder()
        #expect(self.kinds(encoder.encode(self.text(8200))) == [0xFF, 0x00])
        #expect(self.kinds(encoder.encode(self.randomBytes(8200))) == [0x01])
    }

    @Test func `stored payload is handed on without a copy`() {
        var encoder = FrameEncoder()
        let payload = self.randomBytes(5000)
        var addresses: [UnsafeRawPointer?] = []
        payload.withUnsafeBytes { buffer in
            encoder.encode(buffer.bytes) { $0.withUnsafeBytes { addresses.append($0.baseAddress) } }
            #expect(addresses.count == 2 && addresses[1] == buffer.baseAddress)
        }
    }

    @Test(arguments: [0, 1, 3, 4, 5, 15, 16, 17, 100])
    func `text after noise is noticed at once`(noiseFrameCount: Int) {
        var encoder = FrameEncoder()
        for frame in 0..<noiseFrameCount { _ = encoder.encode(self.randomBytes(8200, seed: UInt64(frame))) }
        #expect(self.kinds(encoder.encode(self.text(8200))).last == 0x00)
    }

    @Test(arguments: [4, 5, 40]) func `repetition that a sample does not show is noticed soon`(noiseFrameCount: Int) {
        var encoder = FrameEncoder()
        for frame in 0..<noiseFrameCount { _ = encoder.encode(self.randomBytes(8200, seed: UInt64(frame))) }
        let frame = self.hiddenRepetition()
        let kinds = (0..<17).map { _ in self.kinds(encoder.encode(frame)).last }
        #expect(kinds.contains(0x00))
        #expect(kinds.last == 0x00)
    }

    @Test(arguments: [5, 40]) func `one success restores the trust`(noiseFrameCount: Int) {
        var encoder = FrameEncoder()
        for frame in 0..<noiseFrameCount { _ = encoder.encode(self.randomBytes(8200, seed: UInt64(frame))) }
        _ = encoder.encode(self.text(8200))
        #expect(self.kinds(encoder.encode(self.hiddenRepetition())) == [0x00])
    }

    @Test func `memory that was given back is taken again`() {
        var encoder = FrameEncoder()
        let first = encoder.encode(self.text(8200))
        encoder.releaseMemory()
        #expect(encoder.encode(self.text(8200)) == Array(first.dropFirst(10)))
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>) func `random writes come back`(seed: UInt64) {
        let random = SeededRandomSource(seed: seed)
        var encoder = FrameEncoder()
        var decoder = FrameDecoder()
        var (sent, received): ([UInt8], [UInt8]) = ([], [])
        for _ in 0..<60 {
            let byteCount = Int(random.next() % (random.next() % 8 == 0 ? 140_000 : 3000))
            let bytes = random.next() % 2 == 0 ? self.text(byteCount) : self.randomBytes(byteCount, seed: random.next())
            sent += bytes
            let piece = Int(1 + random.next() % 3000)
            _ = decoder.handleBytes(encoder.encode(bytes), pieceByteCount: piece, into: &received)
        }
        #expect(decoder.finish() == .accepted)
        #expect(sent == received)
    }
}
