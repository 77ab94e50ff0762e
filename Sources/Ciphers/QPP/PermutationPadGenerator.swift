import CGcrypt

/// Makes the pads: each is a Fisher–Yates shuffle driven by seven AES-256 ciphers (protocol 05 §2.1).
///
/// All pads take the same steps with the same ciphers, so 32 of them are made at a time, at bulk speed.
struct PermutationPadGenerator {
    /// One of the ciphers; a class, as an array cannot hold what cannot be copied.
    private final class ShuffleCipher {
        let cipher: GcryptBlockCipher<Block128>

        init(key: [UInt8]) {
            self.cipher = GcryptBlockCipher(GCRY_CIPHER_AES256, key: key, parallelism: 1, minimumBatch: 2)
        }
    }

    private static let deriveSalt = "___QUANTUM_PERMUTATION_PAD_SEED_DERIVE___"
    private static let shuffleSalt = "___QUANTUM_PERMUTATION_PAD_SHUFFLE_SALT___"
    /// 256! has 211 bytes, which 7 chunks of 32 bytes cover.
    private static let chunkCount = 7
    private static let chunkByteCount = 32
    private static let padByteCount = 256
    private static let batchPadCount = 32

    private let chunks: [[UInt8]]
    private let ciphers: [ShuffleCipher]

    init(seed: [UInt8]) {
        self.chunks = Self.chunks(of: seed)
        self.ciphers = self.chunks.map { chunk in
            ShuffleCipher(
                key: KeyDerivation.pbkdf2(
                    password: chunk, salt: Self.shuffleSalt, rounds: 128, byteCount: Self.chunkByteCount))
        }
    }

    private static func chunks(of seed: [UInt8]) -> [[UInt8]] {
        var seed = seed
        if seed.count < self.chunkByteCount {
            seed = KeyDerivation.pbkdf2(
                password: seed, salt: self.deriveSalt, rounds: 128, byteCount: self.chunkByteCount)
        }
        return (0..<self.chunkCount).map { chunk in
            let start = chunk * self.chunkByteCount
            let bytes = (start..<start + self.chunkByteCount).map { seed[$0 % seed.count] }
            return KeyDerivation.pbkdf2(
                password: bytes, salt: self.deriveSalt, rounds: 1024, byteCount: self.chunkByteCount)
        }
    }

    /// The pads one behind the other, 256 bytes each.
    func makePads(count: Int) -> [UInt8] {
        var pads: [UInt8] = []
        pads.reserveCapacity(count * Self.padByteCount)
        for _ in 0..<count { pads += 0...255 }
        for first in stride(from: 0, to: count, by: Self.batchPadCount) {
            self.shuffle(&pads, first: first, count: min(Self.batchPadCount, count - first))
        }
        return pads
    }

    private func shuffle(_ pads: inout [UInt8], first: Int, count: Int) {
        let capacity = 2 * Self.batchPadCount + batchPadding
        var sums = [Block128](repeating: .zero, count: capacity)
        var encrypted = sums
        for pad in 0..<count { self.startSum(of: first + pad, in: &sums, at: 2 * pad) }
        for last in stride(from: Self.padByteCount - 1, to: 0, by: -1) {
            for cipher in self.ciphers {
                unsafe cipher.cipher.encryptBlocks(&sums, into: &encrypted, count: 2 * count)
                swap(&sums, &encrypted)
            }
            for pad in 0..<count {
                let chosen = remainder(sums[2 * pad], sums[2 * pad + 1], dividedBy: UInt64(last + 1))
                let base = (first + pad) * Self.padByteCount
                pads.swapAt(base + last, base + chosen)
            }
        }
    }

    /// The 32 bytes that the ciphers work on: they start with an HMAC of the pad's number in binary digits.
    private func startSum(of pad: Int, in sums: inout [Block128], at index: Int) {
        let name = "QPP_" + String(pad, radix: 2)
        let digest = KeyDerivation.hmacSHA256(key: self.chunks[pad % Self.chunkCount], message: Array(name.utf8))
        unsafe sums.withUnsafeMutableBytes { bytes in
            unsafe bytes[(index * MemoryLayout<Block128>.size)...].copyBytes(from: digest)
        }
    }
}

/// The two blocks as one 256-bit big-endian number, modulo a small divisor.
private func remainder(_ high: Block128, _ low: Block128, dividedBy divisor: UInt64) -> Int {
    var remainder: UInt64 = 0
    for word in [high.x, high.y, low.x, low.y] {
        let word = UInt64(bigEndian: word)
        remainder = (remainder << 32 | word >> 32) % divisor
        remainder = (remainder << 32 | word & 0xFFFF_FFFF) % divisor
    }
    return Int(remainder)
}
