internal import CSnappy
internal import PacketPrimitives

/// Expands one snappy block (protocol 05 §1). Any bytes may come in.
enum BlockDecoder {
    /// The length that the block says its content has; `nil` if it does not even say that.
    static func uncompressedByteCount(of block: RawSpan) -> Int? {
        var byteCount = 0
        let status = unsafe block.withUnsafeBytes { source in
            unsafe snappy_uncompressed_length(
                source.assumingMemoryBound(to: CChar.self).baseAddress, source.count, &byteCount)
        }
        return status == SNAPPY_OK ? byteCount : nil
    }

    /// Fills `output`, which is as long as the block says, with the content; false if the block is corrupt.
    @_lifetime(output: copy output)
    static func expand(_ block: RawSpan, into output: inout MutableRawSpan) -> Bool {
        let expected = output.byteCount
        var byteCount = expected
        let status = unsafe output.withUnsafeMutableBytes { target in
            unsafe block.withUnsafeBytes { source in
                unsafe snappy_uncompress(
                    source.assumingMemoryBound(to: CChar.self).baseAddress, source.count,
                    target.assumingMemoryBound(to: CChar.self).baseAddress, &byteCount)
            }
        }
        return status == SNAPPY_OK && byteCount == expected
    }
}
