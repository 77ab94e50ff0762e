import CGcrypt

/// DES-EDE3 with three keys; their parity bits are ignored (protocol 01 §2).
enum TripleDES {
    static func makeCipher(key: [UInt8]) -> any DatagramCipher {
        CFBCipher(GcryptBlockCipher<Block64>(GCRY_CIPHER_3DES, key: key, parallelism: 3, minimumBatch: 2))
    }
}
