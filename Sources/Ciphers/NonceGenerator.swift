import CGcrypt
package import PacketPrimitives

/// 16 random bytes, fresh for every datagram; the AEAD envelope takes the first 12 of them (protocol 01 §3, §4).
package typealias Nonce = SIMD16<UInt8>

/// Where an envelope gets its nonces.
package protocol NonceSource: AnyObject {
    func next() -> Nonce
}

/// Nonces from a ChaCha20 key stream. One per event loop: not thread-safe.
///
/// The key comes from the random source once; 2⁷⁰ bytes of key stream follow before it would repeat.
@safe
package final class NonceGenerator: NonceSource {
    /// 256 nonces a refill: a burst of 48 pays for a fifth of one.
    private static let bufferByteCount = 4096

    private let keyStream: CipherHandle
    private let buffer: UnsafeMutableRawPointer
    private var usedByteCount = NonceGenerator.bufferByteCount

    package init(seededBy random: any RandomSource) {
        var key = [UInt8](repeating: 0, count: 32)
        unsafe key.withUnsafeMutableBytes { buffer in
            var bytes = unsafe buffer.mutableBytes
            random.fill(&bytes)
        }
        self.keyStream = CipherHandle(GCRY_CIPHER_CHACHA20, GCRY_CIPHER_MODE_STREAM, key: key)
        unsafe self.buffer = .allocate(byteCount: Self.bufferByteCount, alignment: 64)
        let zero = Nonce()
        unsafe withUnsafeBytes(of: zero) {
            unsafe self.keyStream.start(iv: $0.baseAddress.unsafelyUnwrapped, byteCount: 8)
        }
    }

    deinit { unsafe self.buffer.deallocate() }

    package func next() -> Nonce {
        if self.usedByteCount == Self.bufferByteCount { self.refill() }
        let nonce = unsafe self.buffer.loadUnaligned(fromByteOffset: self.usedByteCount, as: Nonce.self)
        self.usedByteCount += MemoryLayout<Nonce>.size
        return nonce
    }

    @inline(never)
    private func refill() {
        unsafe self.buffer.initializeMemory(as: UInt8.self, repeating: 0, count: Self.bufferByteCount)
        unsafe self.keyStream.encrypt(self.buffer, byteCount: Self.bufferByteCount)
        self.usedByteCount = 0
    }
}
