import CGcrypt

/// CAST-128 (RFC 2144) with 16 rounds and a 128-bit key (protocol 01 §2).
enum CAST5 {
    static func makeCipher(key: [UInt8]) -> any DatagramCipher {
        CFBCipher(GcryptBlockCipher<Block64>(GCRY_CIPHER_CAST5, key: key, parallelism: 4, minimumBatch: 2))
    }
}
