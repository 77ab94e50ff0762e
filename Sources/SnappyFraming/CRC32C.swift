internal import CIsal
import CPacketKernels
internal import PacketPrimitives

/// The checksum of a data chunk: CRC-32C (Castagnoli) of its uncompressed bytes, masked (protocol 05 §1).
package enum CRC32C {
    /// The plain checksum.
    package static func checksum(of bytes: RawSpan) -> UInt32 {
        guard bytes.byteCount > 0 else { return 0 }
        return unsafe bytes.withUnsafeBytes { buffer in
            // ISA-L only reads, though it asks for a mutable pointer; it leaves both inversions to its caller.
            let start = unsafe UnsafeMutableRawPointer(mutating: buffer.baseAddress.unsafelyUnwrapped)
            let pointer = unsafe start.assumingMemoryBound(to: UInt8.self)
            let checksum = unsafe ~crc32_iscsi(pointer, Int32(buffer.count), .max)
            packet_kernel_clear_upper_registers()
            return checksum
        }
    }

    /// The checksum as it stands in a chunk, masked because a CRC of data that holds its own CRC is weak.
    package static func maskedChecksum(of bytes: RawSpan) -> UInt32 {
        let plain = self.checksum(of: bytes)
        return (plain >> 15 | plain << 17) &+ 0xA282_EAD8
    }
}
