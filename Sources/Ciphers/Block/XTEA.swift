/// XTEA with its standard 32 cycles (protocol 01 §2).
struct XTEA: FeistelRounds {
    private static let delta: UInt32 = 0x9E37_79B9
    private static let cycleCount = 32
    /// For each cycle `sum + key word` of its first and second round; they do not depend on the data.
    private let roundKeys: [UInt32]

    init(key: [UInt8]) {
        let key = bigEndianWords(key)
        var sum: UInt32 = 0
        var roundKeys: [UInt32] = []
        for _ in 0..<Self.cycleCount {
            roundKeys.append(sum &+ key[Int(sum & 3)])
            sum &+= Self.delta
            roundKeys.append(sum &+ key[Int(sum >> 11 & 3)])
        }
        self.roundKeys = roundKeys
    }

    static func makeCipher(key: [UInt8]) -> any DatagramCipher { CFBCipher(LaneBlockCipher<XTEA>(key: key)) }

    @inline(__always)
    func encrypt<Word: CipherWord>(_ left: inout Word, _ right: inout Word) {
        let roundKeys = self.roundKeys.span
        for cycle in 0..<Self.cycleCount {
            let first = Word(repeating: roundKeys[2 * cycle])
            let second = Word(repeating: roundKeys[2 * cycle + 1])
            left = left &+ ((((right &<< 4) ^ (right &>> 5)) &+ right) ^ first)
            right = right &+ ((((left &<< 4) ^ (left &>> 5)) &+ left) ^ second)
        }
    }
}
