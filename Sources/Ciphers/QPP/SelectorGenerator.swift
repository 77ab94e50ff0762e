import PacketPrimitives

/// The generator that chooses the pads: xoshiro256** (Blackman and Vigna; protocol 05 §2.2).
struct SelectorGenerator {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    /// `seed` is the whole QPP seed.
    init(seed: [UInt8]) {
        let selector = KeyDerivation.hmacSHA256(key: seed, message: Array("PERMUTATION_MATRIX_SELECTOR".utf8))
        let state = KeyDerivation.pbkdf2(
            password: selector, salt: "___QUANTUM_PERMUTATION_PAD_PRNG_SALT___", rounds: 128, byteCount: 32)
        let bytes = unsafe state.span.bytes
        self.s0 = bytes.littleEndian(at: 0)
        self.s1 = bytes.littleEndian(at: 8)
        self.s2 = bytes.littleEndian(at: 16)
        self.s3 = bytes.littleEndian(at: 24)
    }

    @inline(__always)
    mutating func next() -> UInt64 {
        let result = rotateLeft(self.s1 &* 5, by: 7) &* 9
        let shifted = self.s1 &<< 17
        self.s2 ^= self.s0
        self.s3 ^= self.s1
        self.s1 ^= self.s2
        self.s0 ^= self.s3
        self.s2 ^= shifted
        self.s3 = rotateLeft(self.s3, by: 45)
        return result
    }
}

@inline(__always)
private func rotateLeft(_ value: UInt64, by count: UInt64) -> UInt64 { value &<< count | value &>> (64 - count) }
