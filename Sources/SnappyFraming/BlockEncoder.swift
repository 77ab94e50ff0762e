internal import CSnappy
internal import PacketPrimitives

/// Compresses one snappy block (protocol 05 §1).
///
/// libsnappy allocates its hash table (up to 32 KiB) anew for each call; its C interface has no way round.
enum BlockEncoder {
    /// Room that `compress` needs for `byteCount` bytes of input, whatever they are.
    static func maximumByteCount(for byteCount: Int) -> Int { snappy_max_compressed_length(byteCount) }

    /// Writes the block to the front of `output`, which has `maximumByteCount` bytes of room; returns its length.
    @_lifetime(output: copy output)
    static func compress(_ bytes: RawSpan, into output: inout MutableRawSpan) -> Int {
        precondition(output.byteCount >= self.maximumByteCount(for: bytes.byteCount), "no room for the block")
        var byteCount = output.byteCount
        let status = unsafe output.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe snappy_compress(
                    source.assumingMemoryBound(to: CChar.self).baseAddress, source.count,
                    target.assumingMemoryBound(to: CChar.self).baseAddress, &byteCount)
            }
        }
        precondition(status == SNAPPY_OK, "compression does not fail with enough room")
        return byteCount
    }
}
