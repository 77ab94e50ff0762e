/// TEA as the original runs it: 8 cycles (16 Feistel rounds) instead of the standard's 32 (protocol 01 §2).
struct TEA: FeistelRounds {
    private static let delta: UInt32 = 0x9E37_79B9
    private static let cycleCount = 8
    private let key: SIMD4<UInt32>

    init(key: [UInt8]) { self.key = bigEndianWords(key) }

    static func makeCipher(key: [UInt8]) -> any DatagramCipher { CFBCipher(LaneBlockCipher<TEA>(key: key)) }

    @inline(__always)
    func encrypt<Word: CipherWord>(_ left: inout Word, _ right: inout Word) {
        let key0 = Word(repeating: self.key[0])
        let key1 = Word(repeating: self.key[1])
        let key2 = Word(repeating: self.key[2])
        let key3 = Word(repeating: self.key[3])
        for cycle in 1...UInt32(Self.cycleCount) {
            let sum = Word(repeating: cycle &* Self.delta)
            left = left &+ (((right &<< 4) &+ key0) ^ (right &+ sum) ^ ((right &>> 5) &+ key1))
            right = right &+ (((left &<< 4) &+ key2) ^ (left &+ sum) ^ ((left &>> 5) &+ key3))
        }
    }
}

/// A 16-byte key as four big-endian words.
func bigEndianWords(_ key: [UInt8]) -> SIMD4<UInt32> {
    precondition(key.count == 16, "TEA and XTEA have keys of 16 bytes")
    var words = SIMD4<UInt32>()
    for (index, byte) in key.enumerated() { words[index / 4] = words[index / 4] << 8 | UInt32(byte) }
    return words
}
