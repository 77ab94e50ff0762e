import CGcrypt

/// The functions that turn the operator's key string into cipher keys (protocol 01 §1).
package enum KeyDerivation {
    /// Bytes of the derived key; each cipher takes as many from its front as it needs.
    package static let keyByteCount = 32

    /// The key of a tunnel: PBKDF2-HMAC-SHA1, salt `kcp-go`, 4096 rounds. Takes milliseconds: once per program.
    package static func derive(from key: String) -> [UInt8] {
        self.pbkdf2(password: Array(key.utf8), salt: "kcp-go", rounds: 4096, byteCount: self.keyByteCount)
    }

    /// PBKDF2-HMAC-SHA1 (RFC 8018 §5.2).
    static func pbkdf2(password: [UInt8], salt: String, rounds: UInt, byteCount: Int) -> [UInt8] {
        GcryptLibrary.initialize()
        var result = [UInt8](repeating: 0, count: byteCount)
        let salt = Array(salt.utf8)
        let error = unsafe gcry_kdf_derive(
            password, password.count, Int32(GCRY_KDF_PBKDF2.rawValue), Int32(GCRY_MD_SHA1.rawValue),
            salt, salt.count, rounds, byteCount, &result)
        GcryptLibrary.check(error, "deriving a key")
        return result
    }

    /// HMAC-SHA-256 (RFC 2104).
    static func hmacSHA256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        GcryptLibrary.initialize()
        var digest = [UInt8](repeating: 0, count: 32)
        // libgcrypt takes the key as the first of the buffers.
        var joined = key + message
        unsafe joined.withUnsafeMutableBytes { bytes in
            let base = bytes.baseAddress
            let parts = unsafe [
                gcry_buffer_t(size: 0, off: 0, len: key.count, data: base),
                gcry_buffer_t(size: 0, off: key.count, len: message.count, data: base),
            ]
            let error = unsafe gcry_md_hash_buffers(
                Int32(GCRY_MD_SHA256.rawValue), UInt32(GCRY_MD_FLAG_HMAC.rawValue), &digest, parts, 2)
            GcryptLibrary.check(error, "computing an HMAC")
        }
        return digest
    }
}
