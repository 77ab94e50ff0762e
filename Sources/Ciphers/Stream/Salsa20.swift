import CPacketKernels

/// Salsa20/20 with a 256-bit key. The first 8 bytes of the datagram are its nonce and stay in clear; the key
/// stream starts at byte 8 (protocol 01 §3.2).
///
/// The kernel is our own: libgcrypt has none for more than the baseline x86-64, which takes three times as long.
final class Salsa20: StreamCipher {
    private static let keyByteCount = 32
    private static let nonceByteCount = 8
    private let key: [UInt8]
    private let level = packet_kernel_best_level()
    /// The key stream depends on these 8 bytes, and nothing on the 8 behind them.
    let fingerprintOffset = 0

    init(key: [UInt8]) {
        precondition(key.count == Self.keyByteCount, "Salsa20 takes a key of 32 bytes")
        self.key = key
    }

    func apply(_ datagram: UnsafeMutableRawPointer, byteCount: Int) {
        guard byteCount > Self.nonceByteCount else { return }
        let nonce = unsafe datagram.assumingMemoryBound(to: UInt8.self)
        unsafe packet_salsa20_xor(
            self.level, self.key, nonce, nonce + Self.nonceByteCount, byteCount - Self.nonceByteCount)
    }
}
