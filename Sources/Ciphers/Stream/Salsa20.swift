import CGcrypt

/// Salsa20/20 with a 256-bit key. The first 8 bytes of the datagram are its nonce and stay in clear; the key
/// stream starts at byte 8 (protocol 01 §3.2).
final class Salsa20: StreamCipher {
    private static let nonceByteCount = 8
    private let keyStream: CipherHandle

    init(key: [UInt8]) {
        self.keyStream = CipherHandle(GCRY_CIPHER_SALSA20, GCRY_CIPHER_MODE_STREAM, key: key)
    }

    func apply(_ datagram: UnsafeMutableRawPointer, byteCount: Int) {
        unsafe self.keyStream.start(iv: datagram, byteCount: Self.nonceByteCount)
        unsafe self.keyStream.encrypt(datagram + Self.nonceByteCount, byteCount: byteCount - Self.nonceByteCount)
    }
}
