internal import CSnappy
import FuzzSupport
import PacketPrimitives
import SnappyFraming
import TestSupport

/// Streams of the framing format: bytes as they come, or chunks whose checksums are right. However a stream is cut, the
/// same comes out of it; no piece is longer than a chunk may be, and memory is that of one chunk.
final class SnappyTarget: FuzzTarget {
    static let name = "snappy"
    private static let identifier: [UInt8] = [0xFF, 6, 0, 0] + Array("sNaPpY".utf8)
    /// The longest chunk, before and after it is expanded.
    private static let memoryLimit = 76494 + 65536 + 2 * 256

    static func seeds() throws -> [[UInt8]] {
        struct File: Decodable {
            struct Case: Decodable { var stream: Hex? }
            var decode: [Case]
        }
        let streams = try Vectors.load("snappy.json", as: File.self).decode.compactMap(\.stream?.bytes)
        return streams.map { [0, 9] + $0 } + [
            [1, 7, 0, 40, 0] + [0x28, 0x20] + [UInt8](repeating: 7, count: 9) + [1, 3, 0, 1, 2, 3, 0x80, 2, 0, 5, 5],
            [1, 200, 0x00, 6, 0, 0x80, 0x80, 4, 0x00, 0xFE, 1, 0],
        ]
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let isRaw = input.byte() % 2 == 0
        let pieceByteCount = 1 + Int(input.byte())
        let stream = isRaw ? input.rest() : Self.stream(&input)
        let whole = try Self.decode(stream, pieceByteCount: max(stream.count, 1))
        let cut = try Self.decode(stream, pieceByteCount: pieceByteCount)
        try promise(whole == cut, "a stream means something else when it is cut")
    }

    private struct Outcome: Equatable {
        var bytes: [UInt8] = []
        var result = DecodeResult.accepted
    }

    private static func decode(_ stream: [UInt8], pieceByteCount: Int) throws(BrokenPromise) -> Outcome {
        var decoder = FrameDecoder()
        var outcome = Outcome()
        var longest = 0
        for start in stride(from: 0, to: stream.count, by: pieceByteCount) {
            let piece = stream.span.bytes.extracting(start..<min(stream.count, start + pieceByteCount))
            outcome.result = decoder.handleBytes(piece) { bytes in
                longest = max(longest, bytes.byteCount)
                outcome.bytes += [UInt8](copying: bytes)
            }
            try promise(decoder.memoryByteCount <= Self.memoryLimit, "\(decoder.memoryByteCount) bytes held")
        }
        try promise(longest <= 65536, "a piece of \(longest) bytes was delivered")
        return outcome
    }

    /// The identifier, and chunks of any kind.
    private static func stream(_ input: inout FuzzInput) -> [UInt8] {
        var stream = Self.identifier
        while !input.isEmpty {
            let kind = input.byte()
            let content = input.chunk()
            let plain = (kind == 0 ? Self.expand(content) : content) ?? []
            var chunk = FuzzSeed()
            if kind < 2 { chunk.append(word: CRC32C.maskedChecksum(of: plain.span.bytes)) }
            chunk.append(contentsOf: content)
            let byteCount = chunk.bytes.count
            stream += [kind, UInt8(truncatingIfNeeded: byteCount), UInt8(truncatingIfNeeded: byteCount >> 8), 0]
            stream += chunk.bytes
        }
        return stream
    }

    /// What a block holds, for its checksum; `nil` if it is none.
    private static func expand(_ block: [UInt8]) -> [UInt8]? {
        unsafe block.withUnsafeBytes { source -> [UInt8]? in
            let start = unsafe source.assumingMemoryBound(to: CChar.self).baseAddress
            var byteCount = 0
            guard unsafe snappy_uncompressed_length(start, source.count, &byteCount) == SNAPPY_OK, byteCount <= 65536
            else { return nil }
            var plain = [CChar](repeating: 0, count: max(byteCount, 1))
            guard unsafe snappy_uncompress(start, source.count, &plain, &byteCount) == SNAPPY_OK else { return nil }
            return plain.prefix(byteCount).map { UInt8(bitPattern: $0) }
        }
    }
}
