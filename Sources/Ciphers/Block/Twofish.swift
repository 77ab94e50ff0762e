import CGcrypt

/// Twofish with a 256-bit key (protocol 01 §2).
enum Twofish {
    static func makeCipher(key: [UInt8]) -> any DatagramCipher {
        CFBCipher(GcryptBlockCipher<Block128>(GCRY_CIPHER_TWOFISH, key: key, parallelism: 3, minimumBatch: 2))
    }
}
