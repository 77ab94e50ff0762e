import CGcrypt

/// AES; the length of the key chooses between AES-128, AES-192 and AES-256 (protocol 01 §2).
enum AES {
    static func makeCipher(key: [UInt8]) -> any DatagramCipher {
        let algorithm =
            switch key.count {
            case 16: GCRY_CIPHER_AES
            case 24: GCRY_CIPHER_AES192
            case 32: GCRY_CIPHER_AES256
            default: preconditionFailure("AES has no key of \(key.count) bytes")
            }
        return CFBCipher(GcryptBlockCipher<Block128>(algorithm, key: key, parallelism: 1, minimumBatch: 2))
    }
}
