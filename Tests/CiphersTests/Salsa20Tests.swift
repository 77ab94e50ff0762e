import CGcrypt
import CPacketKernels
import PacketPrimitives
import TestSupport
import Testing

@testable import Ciphers

@Suite struct Salsa20Tests {
    private static let seed: UInt64 = 20_260_101
    private static let groupByteCount = 512

    /// All that this processor can run.
    static let levels = (0...packet_kernel_best_level().rawValue).map { packet_kernel_level($0) }

    /// Set 1, vector 0 with a 256-bit key of the vectors that eSTREAM published for Salsa20/20: the first block.
    @Test(arguments: levels)
    func `the kernel gives the published key stream`(level: packet_kernel_level) {
        let key = [0x80] + [UInt8](repeating: 0, count: 31)
        let mask = masked([UInt8](repeating: 0, count: 64), level: level, key: key, nonce: [0, 0, 0, 0, 0, 0, 0, 0])
        #expect(
            mask.hex
                == "e3be8fdd8beca2e3ea8ef9475b29a6e7003951e1097a5c38d23b7a5fad9f6844"
                + "b22c97559e2723c7cbbd3fe4fc8d9a0744652a83e72a9c461876af4d7ef1a117")
    }

    @Test(arguments: levels)
    func `the kernel computes what the plain rounds do, at all short lengths`(level: packet_kernel_level) {
        self.expectSameAsPlain(byteCounts: Array(0...300), level: level)
    }

    @Test(arguments: levels, [-1, 0, 1])
    func `the kernel computes what the plain rounds do, around whole groups of blocks`(
        level: packet_kernel_level, excess: Int
    ) {
        self.expectSameAsPlain(byteCounts: (1...5).map { $0 * Self.groupByteCount + excess }, level: level)
    }

    private func expectSameAsPlain(byteCounts: [Int], level: packet_kernel_level) {
        let random = SeededRandomSource(seed: Self.seed)
        let key = randomBytes(32, from: random)
        let nonce = randomBytes(8, from: random)
        let plain = randomBytes(byteCounts.max() ?? 0, from: random)
        let expected = zip(plain, plainKeyStream(byteCount: plain.count, key: key, nonce: nonce)).map { $0 ^ $1 }
        for byteCount in byteCounts {
            let result = masked(Array(plain.prefix(byteCount)), level: level, key: key, nonce: nonce)
            #expect(result.hex == Array(expected.prefix(byteCount)).hex, "\(byteCount) bytes, seed \(Self.seed)")
        }
    }

    @Test(arguments: levels)
    func `many blocks are those of libgcrypt`(level: packet_kernel_level) {
        let random = SeededRandomSource(seed: Self.seed)
        let key = randomBytes(32, from: random)
        var datagram = randomBytes(300_001, from: random)
        let nonce = Array(datagram.prefix(8))
        let result = masked(Array(datagram.dropFirst(8)), level: level, key: key, nonce: nonce)
        applyGcrypt(to: &datagram, key: key)
        #expect(result == Array(datagram.dropFirst(8)), "seed \(Self.seed)")
    }

    @Test(arguments: levels, 0...33)
    func `the kernel takes any alignment and touches nothing around`(level: packet_kernel_level, offset: Int) {
        let random = SeededRandomSource(seed: Self.seed)
        let key = randomBytes(32, from: random)
        let nonce = randomBytes(8, from: random)
        for byteCount in [0, 1, 63, 64, 65, 255, 257, 300, 513, 1342] {
            let before = randomBytes(offset + byteCount + 600, from: random)
            var memory = before
            memory.withUnsafeMutableBufferPointer { buffer in
                packet_salsa20_xor(level, key, nonce, buffer.baseAddress! + offset, byteCount)
            }
            let inside = offset..<offset + byteCount
            let expected = masked(Array(before[inside]), level: level, key: key, nonce: nonce)
            #expect(Array(memory[inside]) == expected, "\(byteCount) bytes, seed \(Self.seed)")
            #expect(memory.prefix(offset) == before.prefix(offset))
            #expect(memory.suffix(600) == before.suffix(600))
        }
    }

    @Test(arguments: [0, 1, 7, 8, 9, 20, 71, 72, 73, 300, 1350, 1500])
    func `the cipher makes of a datagram what libgcrypt does and undoes it`(byteCount: Int) {
        let random = SeededRandomSource(seed: Self.seed)
        let key = randomBytes(32, from: random)
        let plain = randomBytes(byteCount, from: random)
        var expected = plain
        applyGcrypt(to: &expected, key: key)
        let cipher = Salsa20(key: key)
        var datagram = plain
        datagram.withUnsafeMutableBytes { if $0.count > 0 { cipher.apply($0.baseAddress!, byteCount: byteCount) } }
        #expect(datagram == expected)
        datagram.withUnsafeMutableBytes { if $0.count > 0 { cipher.decrypt($0.baseAddress!, byteCount: byteCount) } }
        #expect(datagram == plain)
    }
}

/// The bytes xored by the kernel at this level.
private func masked(_ bytes: [UInt8], level: packet_kernel_level, key: [UInt8], nonce: [UInt8]) -> [UInt8] {
    var result = bytes
    packet_salsa20_xor(level, key, nonce, &result, result.count)
    return result
}

/// Encrypts a datagram by libgcrypt; its first 8 bytes are the nonce.
private func applyGcrypt(to datagram: inout [UInt8], key: [UInt8]) {
    guard datagram.count > 8 else { return }
    let cipher = CipherHandle(GCRY_CIPHER_SALSA20, GCRY_CIPHER_MODE_STREAM, key: key)
    datagram.withUnsafeMutableBytes { buffer in
        cipher.start(iv: buffer.baseAddress!, byteCount: 8)
        cipher.encrypt(buffer.baseAddress! + 8, byteCount: buffer.count - 8)
    }
}

/// Salsa20/20 as its specification says it, block by block.
private func plainKeyStream(byteCount: Int, key: [UInt8], nonce: [UInt8]) -> [UInt8] {
    let blockCount = (byteCount + 63) / 64
    let stream = (0..<blockCount).flatMap { plainBlock($0, key: key, nonce: nonce) }
    return Array(stream.prefix(byteCount))
}

private func plainBlock(_ number: Int, key: [UInt8], nonce: [UInt8]) -> [UInt8] {
    let constant = littleEndianWords(Array("expand 32-byte k".utf8))
    let key = littleEndianWords(key)
    let counter = [UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32)]
    var words = [constant[0]] + key.prefix(4) + [constant[1]] + littleEndianWords(nonce)
    words += counter + [constant[2]] + key.suffix(4) + [constant[3]]
    var mixed = words
    for _ in 0..<10 {
        // A double round is a round on the columns and the same on the transposed matrix.
        for step in [4, 1] {
            for index in 0..<4 { mixed.quarterRound(from: index, step: step) }
        }
    }
    return zip(mixed, words).flatMap { word, start in
        (0..<4).map { UInt8(truncatingIfNeeded: (word &+ start) >> (8 * UInt32($0))) }
    }
}

private func littleEndianWords(_ bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count, by: 4).map { start in
        bytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension [UInt32] {
    /// Four words of the 4×4 matrix, from the diagonal on: down a column (step 4) or along a row (step 1).
    fileprivate mutating func quarterRound(from index: Int, step: Int) {
        let line = step == 4 ? index : 4 * index
        let position = (0..<4).map { line + (index + $0) % 4 * step }
        for (target, shift) in [(1, 7), (2, 9), (3, 13), (0, 18)] as [(Int, UInt32)] {
            let sum = self[position[(target + 3) % 4]] &+ self[position[(target + 2) % 4]]
            self[position[target]] ^= sum << shift | sum >> (32 - shift)
        }
    }
}
