import CGcrypt

/// One keyed cipher of libgcrypt with its mode and state. Not thread-safe.
@safe
struct CipherHandle: ~Copyable {
    private let handle: gcry_cipher_hd_t

    init(_ algorithm: gcry_cipher_algos, _ mode: gcry_cipher_modes, key: [UInt8]) {
        GcryptLibrary.initialize()
        var opened: gcry_cipher_hd_t?
        GcryptLibrary.check(
            unsafe gcry_cipher_open(&opened, Int32(algorithm.rawValue), Int32(mode.rawValue), 0), "opening a cipher")
        unsafe self.handle = opened.unsafelyUnwrapped
        // The peer uses whatever the derivation yields, so a key that the cipher's theory calls weak must work.
        // Algorithms without weak keys refuse the request, which changes nothing.
        _ = unsafe gcry_cipher_ctl(self.handle, Int32(GCRYCTL_SET_ALLOW_WEAK_KEY.rawValue), nil, 1)
        let error = unsafe gcry_cipher_setkey(self.handle, key, key.count)
        if gcry_err_code(error) != GPG_ERR_WEAK_KEY {
            GcryptLibrary.check(error, "setting a key")
        }
    }

    deinit { unsafe gcry_cipher_close(self.handle) }

    /// Starts a new message: `byteCount` bytes of initialisation vector or nonce.
    @inline(__always)
    func start(iv: UnsafeRawPointer, byteCount: Int) {
        GcryptLibrary.check(unsafe gcry_cipher_setiv(self.handle, iv, byteCount), "setting an initialisation vector")
    }

    /// Starts a new message of counter mode with the first counter block.
    @inline(__always)
    func start(counter: UnsafeRawPointer, byteCount: Int) {
        GcryptLibrary.check(unsafe gcry_cipher_setctr(self.handle, counter, byteCount), "setting a counter")
    }

    /// Encrypts in place.
    @inline(__always)
    func encrypt(_ bytes: UnsafeMutableRawPointer, byteCount: Int) {
        GcryptLibrary.check(unsafe gcry_cipher_encrypt(self.handle, bytes, byteCount, nil, 0), "encrypting")
    }

    /// Decrypts in place.
    @inline(__always)
    func decrypt(_ bytes: UnsafeMutableRawPointer, byteCount: Int) {
        GcryptLibrary.check(unsafe gcry_cipher_decrypt(self.handle, bytes, byteCount, nil, 0), "decrypting")
    }

    /// Decrypts `byteCount` bytes from `source` to `target`, which do not overlap.
    @inline(__always)
    func decrypt(_ source: UnsafeRawPointer, into target: UnsafeMutableRawPointer, byteCount: Int) {
        GcryptLibrary.check(
            unsafe gcry_cipher_decrypt(self.handle, target, byteCount, source, byteCount), "decrypting")
    }

    /// Writes the authentication tag of what has been encrypted since `start`.
    @inline(__always)
    func writeTag(to tag: UnsafeMutableRawPointer, byteCount: Int) {
        GcryptLibrary.check(unsafe gcry_cipher_gettag(self.handle, tag, byteCount), "making a tag")
    }

    /// Whether the tag belongs to what has been decrypted since `start`; compared in constant time.
    @inline(__always)
    func isTagValid(_ tag: UnsafeRawPointer, byteCount: Int) -> Bool {
        unsafe gcry_cipher_checktag(self.handle, tag, byteCount) == 0
    }
}
