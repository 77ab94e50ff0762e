import SnappyFraming

extension FrameEncoder {
    /// What the writes of one call make together.
    mutating func encode(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = []
        self.encode(bytes.span.bytes) { stream += $0.array }
        return stream
    }
}

extension FrameDecoder {
    /// Hands the stream over in pieces and adds what comes out to `content`.
    mutating func handleBytes(_ stream: [UInt8], pieceByteCount: Int = .max, into content: inout [UInt8])
        -> DecodeResult
    {
        var result = DecodeResult.accepted
        var offset = 0
        while offset < stream.count {
            let end = offset + min(pieceByteCount, stream.count - offset)
            result = self.handleBytes(Array(stream[offset..<end]).span.bytes) { content += $0.array }
            offset = end
        }
        return result
    }
}

extension RawSpan {
    var array: [UInt8] { unsafe self.withUnsafeBytes { unsafe Array($0) } }
}
