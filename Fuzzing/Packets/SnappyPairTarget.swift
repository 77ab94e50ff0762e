import FuzzSupport
import PacketPrimitives
import SnappyFraming

/// What is encoded in writes of any length is decoded from pieces of any length.
final class SnappyPairTarget: FuzzTarget {
    static let name = "snappy-pair"

    static func seeds() throws -> [[UInt8]] {
        [
            [3, 0, 30, 0] + [UInt8](repeating: 5, count: 30), [90, 200, 3, 0, 1, 2, 3, 255, 2, 0, 9, 9],
            [10, 255] + (0..<99),
        ]
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let pieceByteCount = 1 + Int(input.byte())
        var encoder = FrameEncoder()
        var decoder = FrameDecoder()
        var (written, read, stream): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        while !input.isEmpty {
            let repetitionCount = 1 + Int(input.byte()) >> 4
            let content = input.chunk()
            let bytes = (0..<repetitionCount).flatMap { _ in content }
            written += bytes
            encoder.encode(bytes.span.bytes) { stream += [UInt8](copying: $0) }
        }
        for start in stride(from: 0, to: stream.count, by: pieceByteCount) {
            let piece = stream.span.bytes.extracting(start..<min(stream.count, start + pieceByteCount))
            let result = decoder.handleBytes(piece) { read += [UInt8](copying: $0) }
            try promise(result == .accepted, "our own stream is refused: \(result)")
        }
        try promise(decoder.finish() == .accepted, "our own stream ends inside of a chunk")
        try promise(read == written, "other bytes were decoded than encoded")
    }
}
