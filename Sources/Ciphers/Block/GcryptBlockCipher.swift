import CGcrypt

/// A block cipher of libgcrypt.
///
/// The library encrypts independent blocks at SIMD speed only inside of its parallel modes. CFB decryption is such a
/// mode: with the initialisation vector C₀ and the input C₁ … Cₙ it returns Cᵢ₊₁ xor E(Cᵢ), whatever Cₙ is.
struct GcryptBlockCipher<Block: CipherBlock>: BlockCipher, ~Copyable {
    private let handle: CipherHandle
    /// How many blocks the library's code for this cipher takes at a time.
    private let parallelism: Int
    let minimumBatch: Int

    init(_ algorithm: gcry_cipher_algos, key: [UInt8], parallelism: Int, minimumBatch: Int) {
        precondition(parallelism <= batchPadding)
        self.handle = CipherHandle(algorithm, GCRY_CIPHER_MODE_CFB, key: key)
        self.parallelism = parallelism
        self.minimumBatch = minimumBatch
    }

    @inline(__always)
    func encryptBlocks(_ blocks: UnsafeMutablePointer<Block>, into result: UnsafeMutablePointer<Block>, count: Int) {
        let byteCount = self.worthwhileCount(count) * MemoryLayout<Block>.size
        unsafe self.handle.start(iv: blocks, byteCount: MemoryLayout<Block>.size)
        unsafe self.handle.decrypt(blocks + 1, into: result, byteCount: byteCount)
        for index in 0..<count { unsafe result[index] = unsafe result[index] ^ blocks[index + 1] }
    }

    /// A remainder of one block is done singly; two cost as much as a whole parallel step, which gets filled up.
    @inline(__always)
    private func worthwhileCount(_ count: Int) -> Int {
        let remainder = count % self.parallelism
        return remainder < 2 ? count : count - remainder + self.parallelism
    }

    func encryptChain(_ bytes: UnsafeMutableRawPointer, byteCount: Int, iv: UnsafeRawPointer) {
        unsafe self.handle.start(iv: iv, byteCount: MemoryLayout<Block>.size)
        unsafe self.handle.encrypt(bytes, byteCount: byteCount)
    }

    func decryptChain(_ bytes: UnsafeMutableRawPointer, byteCount: Int, iv: UnsafeRawPointer) {
        unsafe self.handle.start(iv: iv, byteCount: MemoryLayout<Block>.size)
        unsafe self.handle.decrypt(bytes, byteCount: byteCount)
    }
}
