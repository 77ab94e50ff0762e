import CGcrypt
import CPacketKernels

/// AES-GCM with libgcrypt's counter mode and our own GHASH kernel.
///
/// libgcrypt's GHASH has no kernel for vectors of carry-less multipliers, and takes two thirds of the time of a
/// datagram; this is 2.3 times as fast.
@safe
final class KernelGCM: AuthenticatedCipher {
    private let cipher: CipherHandle
    private let hashKey: UnsafeMutablePointer<packet_ghash_key>

    /// Whether this processor can run the kernel.
    static var isAvailable: Bool { packet_ghash_is_available() }

    init(key: [UInt8]) {
        precondition(Self.isAvailable, "this processor lacks the instructions of the kernel")
        self.cipher = CipherHandle(GCRY_CIPHER_AES, GCRY_CIPHER_MODE_CTR, key: key)
        unsafe self.hashKey = .allocate(capacity: 1)
        // The key of the hash is what the block of zeros encrypts to.
        var block: Block = (0, 0)
        unsafe withUnsafeMutableBytes(of: &block) { bytes in
            let address = unsafe bytes.baseAddress.unsafelyUnwrapped
            unsafe self.cipher.start(counter: address, byteCount: bytes.count)
            unsafe self.cipher.encrypt(address, byteCount: bytes.count)
            unsafe packet_ghash_set_key(self.hashKey, address)
        }
    }

    deinit { unsafe self.hashKey.deallocate() }

    func seal(_ text: UnsafeMutableRawPointer, byteCount: Int, nonce: UnsafeRawPointer) {
        let mask = unsafe self.start(nonce: nonce)
        unsafe self.cipher.encrypt(text, byteCount: byteCount)
        let tag = unsafe self.tag(of: text, byteCount: byteCount, mask: mask)
        unsafe (text + byteCount).storeBytes(of: tag, as: Block.self)
    }

    func open(_ text: UnsafeMutableRawPointer, byteCount: Int, nonce: UnsafeRawPointer) -> Bool {
        let mask = unsafe self.start(nonce: nonce)
        let expected = unsafe self.tag(of: text, byteCount: byteCount, mask: mask)
        let received = unsafe (text + byteCount).loadUnaligned(as: Block.self)
        // Without a branch before the end: how much of a tag is right must not show in the time.
        guard (expected.0 ^ received.0) | (expected.1 ^ received.1) == 0 else { return false }
        unsafe self.cipher.decrypt(text, byteCount: byteCount)
        return true
    }

    private typealias Block = (UInt64, UInt64)

    /// Starts the key stream of a datagram. Its block 1 masks the tag, what follows is for the text.
    private func start(nonce: UnsafeRawPointer) -> Block {
        var counter: Block = (0, UInt64(1).bigEndian)
        var mask: Block = (0, 0)
        unsafe withUnsafeMutableBytes(of: &counter) { bytes in
            unsafe bytes.baseAddress.unsafelyUnwrapped.copyMemory(
                from: nonce, byteCount: AEADEnvelope.nonceByteCount)
            unsafe self.cipher.start(counter: bytes.baseAddress.unsafelyUnwrapped, byteCount: bytes.count)
        }
        unsafe withUnsafeMutableBytes(of: &mask) { bytes in
            unsafe self.cipher.encrypt(bytes.baseAddress.unsafelyUnwrapped, byteCount: bytes.count)
        }
        return mask
    }

    private func tag(of cipherText: UnsafeRawPointer, byteCount: Int, mask: Block) -> Block {
        var hash: Block = (0, 0)
        unsafe withUnsafeMutableBytes(of: &hash) { result in
            unsafe packet_ghash(
                self.hashKey, cipherText.assumingMemoryBound(to: UInt8.self), byteCount,
                result.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self))
        }
        return (hash.0 ^ mask.0, hash.1 ^ mask.1)
    }
}
