import CGcrypt

/// SHA-256 (FIPS 180-4) of bytes that come piece by piece. Not thread-safe.
@safe
package struct SHA256: ~Copyable {
    /// Bytes of a digest.
    package static let byteCount = 32

    private let handle: gcry_md_hd_t

    /// The digest of nothing yet.
    package init() {
        GcryptLibrary.initialize()
        var opened: gcry_md_hd_t?
        GcryptLibrary.check(unsafe gcry_md_open(&opened, Int32(GCRY_MD_SHA256.rawValue), 0), "opening a digest")
        unsafe self.handle = opened.unsafelyUnwrapped
    }

    deinit { unsafe gcry_md_close(self.handle) }

    /// Takes the next bytes of the message.
    package mutating func update(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { buffer in
            if let base = buffer.baseAddress { unsafe gcry_md_write(self.handle, base, buffer.count) }
        }
    }

    /// The digest of everything that was taken.
    package consuming func finish() -> [UInt8] {
        guard let digest = unsafe gcry_md_read(self.handle, Int32(GCRY_MD_SHA256.rawValue)) else {
            preconditionFailure("libgcrypt gives no digest")
        }
        return unsafe Array(UnsafeBufferPointer(start: digest, count: Self.byteCount))
    }
}
