import CGcrypt

/// Blowfish with 16 rounds and a 256-bit key (protocol 01 §2).
enum Blowfish {
    static func makeCipher(key: [UInt8]) -> any DatagramCipher {
        CFBCipher(GcryptBlockCipher<Block64>(GCRY_CIPHER_BLOWFISH, key: key, parallelism: 4, minimumBatch: 2))
    }
}
