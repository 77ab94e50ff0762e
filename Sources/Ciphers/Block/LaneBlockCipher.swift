/// One 32-bit word, or one of each of several blocks.
protocol CipherWord {
    init(repeating word: UInt32)
    static func &+ (left: Self, right: Self) -> Self
    static func ^ (left: Self, right: Self) -> Self
    static func &<< (left: Self, right: UInt32) -> Self
    static func &>> (left: Self, right: UInt32) -> Self
}

extension SIMD8<UInt32>: CipherWord {}
extension UInt32: CipherWord {
    init(repeating word: UInt32) { self = word }
}

/// The rounds of a cipher of 32-bit additions, shifts and xors.
protocol FeistelRounds {
    init(key: [UInt8])
    /// Encrypts one block, or several: `left` are their first words, `right` their second.
    func encrypt<Word: CipherWord>(_ left: inout Word, _ right: inout Word)
}

/// A block cipher of 8-byte blocks of two big-endian words, computed eight blocks at a time where that is possible.
@safe
struct LaneBlockCipher<Rounds: FeistelRounds>: BlockCipher, ~Copyable {
    private static var laneCount: Int { 8 }
    private static var blockByteCount: Int { 8 }
    let minimumBatch = 4
    private let rounds: Rounds

    init(key: [UInt8]) { self.rounds = Rounds(key: key) }

    @inline(__always)
    func encryptBlocks(_ blocks: UnsafeMutablePointer<UInt64>, into result: UnsafeMutablePointer<UInt64>, count: Int) {
        for first in stride(from: 0, to: count, by: Self.laneCount) {
            let words = unsafe UnsafeRawPointer(blocks + first).loadUnaligned(as: SIMD16<UInt32>.self)
            let encrypted = self.encrypt(words)
            unsafe UnsafeMutableRawPointer(result + first).storeBytes(of: encrypted, as: SIMD16<UInt32>.self)
        }
    }

    @inline(__always)
    private func encrypt(_ words: SIMD16<UInt32>) -> SIMD16<UInt32> {
        var left = bigEndian(words.evenHalf)
        var right = bigEndian(words.oddHalf)
        self.rounds.encrypt(&left, &right)
        var encrypted = SIMD16<UInt32>()
        encrypted.evenHalf = bigEndian(left)
        encrypted.oddHalf = bigEndian(right)
        return encrypted
    }

    func encryptChain(_ bytes: UnsafeMutableRawPointer, byteCount: Int, iv: UnsafeRawPointer) {
        var mask = unsafe self.encrypt(iv.loadUnaligned(as: UInt64.self))
        var offset = 0
        while offset + Self.blockByteCount <= byteCount {
            let block = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ mask
            unsafe bytes.storeBytes(of: block, toByteOffset: offset, as: UInt64.self)
            mask = self.encrypt(block)
            offset += Self.blockByteCount
        }
        unsafe withUnsafeBytes(of: mask) { mask in
            unsafe xor(bytes + offset, byteCount: byteCount - offset, with: mask)
        }
    }

    @inline(__always)
    private func encrypt(_ block: UInt64) -> UInt64 {
        let block = UInt64(bigEndian: block)
        var left = UInt32(truncatingIfNeeded: block >> 32)
        var right = UInt32(truncatingIfNeeded: block)
        self.rounds.encrypt(&left, &right)
        return (UInt64(left) << 32 | UInt64(right)).bigEndian
    }

    /// Eight blocks at a time, the last ones first, as each needs the cipher text in front of it.
    func decryptChain(_ bytes: UnsafeMutableRawPointer, byteCount: Int, iv: UnsafeRawPointer) {
        let stride = Self.laneCount * Self.blockByteCount
        var start = (byteCount - 1) / stride * stride
        while start > 0 {
            let previous = unsafe bytes + start - Self.blockByteCount
            let available = byteCount - start + Self.blockByteCount
            var words = SIMD16<UInt32>()
            unsafe copy(previous, byteCount: min(available, stride), into: &words, at: 0)
            unsafe xor(bytes + start, byteCount: min(byteCount - start, stride), with: self.encrypt(words))
            start -= stride
        }
        var words = SIMD16<UInt32>()
        unsafe copy(iv, byteCount: Self.blockByteCount, into: &words, at: 0)
        let available = min(byteCount, stride - Self.blockByteCount)
        unsafe copy(bytes, byteCount: available, into: &words, at: Self.blockByteCount)
        unsafe xor(bytes, byteCount: min(byteCount, stride), with: self.encrypt(words))
    }
}

/// Copies bytes to an offset in eight blocks.
@inline(__always)
private func copy(_ bytes: UnsafeRawPointer, byteCount: Int, into words: inout SIMD16<UInt32>, at offset: Int) {
    unsafe withUnsafeMutableBytes(of: &words) { buffer in
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<offset + byteCount])
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: byteCount))
    }
}

/// Xors up to eight blocks in place.
@inline(__always)
private func xor(_ bytes: UnsafeMutableRawPointer, byteCount: Int, with mask: SIMD16<UInt32>) {
    if byteCount == MemoryLayout<SIMD16<UInt32>>.size {
        let block = unsafe bytes.loadUnaligned(as: SIMD16<UInt32>.self) ^ mask
        unsafe bytes.storeBytes(of: block, as: SIMD16<UInt32>.self)
        return
    }
    unsafe withUnsafeBytes(of: mask) { unsafe xor(bytes, byteCount: byteCount, with: $0) }
}

/// Big-endian words from memory, or back. Shifts, as the baseline x86-64 cannot shuffle bytes.
@inline(__always)
private func bigEndian(_ words: SIMD8<UInt32>) -> SIMD8<UInt32> {
    let mask = SIMD8<UInt32>(repeating: 0xFF00)
    return words &<< 24 | (words & mask) &<< 8 | (words &>> 8) & mask | words &>> 24
}
