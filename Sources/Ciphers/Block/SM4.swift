import CGcrypt

/// SM4, the cipher of GB/T 32907, with a 128-bit key (protocol 01 §2).
enum SM4 {
    static func makeCipher(key: [UInt8]) -> any DatagramCipher {
        CFBCipher(GcryptBlockCipher<Block128>(GCRY_CIPHER_SM4, key: key, parallelism: 8, minimumBatch: 3))
    }
}
