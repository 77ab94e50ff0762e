import CGcrypt

/// AES-GCM by libgcrypt alone, on any processor.
final class GcryptGCM: AuthenticatedCipher {
    private let cipher: CipherHandle

    init(key: [UInt8]) { self.cipher = CipherHandle(GCRY_CIPHER_AES, GCRY_CIPHER_MODE_GCM, key: key) }

    func seal(_ text: UnsafeMutableRawPointer, byteCount: Int, nonce: UnsafeRawPointer) {
        unsafe self.cipher.start(iv: nonce, byteCount: AEADEnvelope.nonceByteCount)
        unsafe self.cipher.encrypt(text, byteCount: byteCount)
        unsafe self.cipher.writeTag(to: text + byteCount, byteCount: AEADEnvelope.tagByteCount)
    }

    func open(_ text: UnsafeMutableRawPointer, byteCount: Int, nonce: UnsafeRawPointer) -> Bool {
        unsafe self.cipher.start(iv: nonce, byteCount: AEADEnvelope.nonceByteCount)
        unsafe self.cipher.decrypt(text, byteCount: byteCount)
        return unsafe self.cipher.isTagValid(text + byteCount, byteCount: AEADEnvelope.tagByteCount)
    }
}
