import CIsal
import CPacketKernels

/// CRC-32 of IEEE 802.3, the one that zlib computes (protocol 01 §3). CRC of "123456789" is CBF43926.
enum CRC32 {
    @inline(__always)
    static func checksum(_ bytes: UnsafeRawPointer, byteCount: Int) -> UInt32 {
        let checksum = unsafe crc32_gzip_refl(0, bytes.assumingMemoryBound(to: UInt8.self), UInt64(byteCount))
        packet_kernel_clear_upper_registers()
        return checksum
    }

    static func checksum(_ bytes: RawSpan) -> UInt32 {
        unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            return unsafe self.checksum(base, byteCount: buffer.count)
        }
    }
}
