/// One direction of one stream under QPP (protocol 05 §2.3). How the bytes are cut into calls does not matter.
///
/// Every byte is xored with a byte of the selector's word and replaced by the pad which that word chooses; a word
/// lasts for eight bytes.
package struct PermutationStream {
    private let pads: PermutationPads
    private var selector: SelectorGenerator
    private var word: UInt64
    /// How many bytes of `word` have been used, 0 … 7.
    private var usedByteCount = 0
    /// ⌈2³² / count⌉, with which a multiplication replaces the division of 16-bit numbers (Lemire).
    private let reciprocal: UInt32

    package init(pads: PermutationPads) {
        self.pads = pads
        self.selector = pads.selector
        self.word = self.selector.next()
        self.reciprocal = UInt32.max / UInt32(pads.count) &+ 1
    }

    /// Changes payload to what goes on the wire, in place.
    package mutating func encrypt(_ bytes: inout MutableRawSpan) {
        unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe self.apply(self.pads.substitutions, to: buffer, maskBefore: .max)
        }
    }

    /// Changes what came from the wire back to payload, in place.
    package mutating func decrypt(_ bytes: inout MutableRawSpan) {
        unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe self.apply(self.pads.inverses, to: buffer, maskBefore: 0)
        }
    }

    /// `maskBefore` holds the bits of the word that are xored before the look-up; the others are after it.
    @inline(__always)
    private mutating func apply(_ table: [UInt8], to buffer: UnsafeMutableRawBufferPointer, maskBefore: UInt64) {
        let table = table.span
        var offset = 0
        while self.usedByteCount != 0, offset < buffer.count {
            unsafe self.applyByte(table, to: &buffer[offset], maskBefore: maskBefore)
            offset += 1
        }
        while offset + 8 <= buffer.count {
            let input = unsafe UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let output = self.substitute(input ^ (self.word & maskBefore), table) ^ (self.word & ~maskBefore)
            unsafe buffer.storeBytes(of: output.littleEndian, toByteOffset: offset, as: UInt64.self)
            self.word = self.selector.next()
            offset += 8
        }
        while offset < buffer.count {
            unsafe self.applyByte(table, to: &buffer[offset], maskBefore: maskBefore)
            offset += 1
        }
    }

    /// Where the pad that the current word chooses starts: (word mod 2¹⁶) mod count.
    @inline(__always)
    private var padOffset: Int {
        let fraction = self.reciprocal &* UInt32(self.word & 0xFFFF)
        return Int((UInt64(fraction) &* UInt64(self.pads.count)) >> 32) &* 256
    }

    /// Eight look-ups in one pad.
    @inline(__always)
    private func substitute(_ input: UInt64, _ table: Span<UInt8>) -> UInt64 {
        let pad = self.padOffset
        var output: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            output |= UInt64(table[pad &+ Int(input &>> shift & 0xFF)]) &<< shift
        }
        return output
    }

    @inline(__always)
    private mutating func applyByte(_ table: Span<UInt8>, to byte: inout UInt8, maskBefore: UInt64) {
        let key = UInt8(truncatingIfNeeded: self.word >> UInt64(8 * self.usedByteCount))
        let before = UInt8(truncatingIfNeeded: maskBefore)
        byte = table[self.padOffset &+ Int(byte ^ (key & before))] ^ (key & ~before)
        self.usedByteCount += 1
        if self.usedByteCount == 8 {
            self.usedByteCount = 0
            self.word = self.selector.next()
        }
    }
}
