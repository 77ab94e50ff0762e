import PacketPrimitives
import TestSupport
import Testing

@testable import Ciphers

@Suite struct PermutationPadsTests {
    @Test(arguments: [1, 31, 32, 33, 70])
    func `every pad is a permutation and its inverse undoes it`(count: Int) throws {
        let pads = try PermutationPads(key: "a key", count: count)
        #expect(pads.substitutions.count == count * 256)
        for pad in 0..<count {
            let row = pads.substitutions[pad * 256..<pad * 256 + 256]
            #expect(Set(row).count == 256)
            for (byte, substitute) in row.enumerated() {
                #expect(Int(pads.inverses[pad * 256 + Int(substitute)]) == byte)
            }
        }
    }

    @Test func `a pad does not depend on how many there are`() throws {
        let few = try PermutationPads(key: "a key", count: 3)
        let many = try PermutationPads(key: "a key", count: 40)
        #expect(few.substitutions == Array(many.substitutions.prefix(3 * 256)))
    }

    @Test func `the count is taken modulo 65536`() throws {
        #expect(try PermutationPads(key: "a key", count: 65536 + 7).count == 7)
    }

    @Test(arguments: [0, -1, 65536, Int.min])
    func `a count that leaves no pad is refused`(count: Int) {
        #expect(throws: PadCountError(count: count)) { try PermutationPads(key: "a key", count: count) }
    }

    @Test func `an empty key works`() throws {
        let pads = try PermutationPads(key: "", count: 2)
        var stream = PermutationStream(pads: pads)
        var bytes: [UInt8] = [1, 2, 3]
        bytes.transform { stream.encrypt(&$0) }
        #expect(bytes != [1, 2, 3])
    }
}

@Suite struct PermutationStreamTests {
    @Test(arguments: [1, 2, 3, 61, 255, 256, 257])
    func `random chunks come back`(padCount: Int) throws {
        let random = SeededRandomSource(seed: UInt64(padCount))
        let pads = try PermutationPads(key: "a key", count: padCount)
        var writer = PermutationStream(pads: pads)
        var reader = PermutationStream(pads: pads)
        for byteCount in [0, 1, 7, 8, 9, 0, 63, 64, 65, 3, 1350] {
            let plain = randomBytes(byteCount, from: random)
            var bytes = plain
            bytes.transform { writer.encrypt(&$0) }
            if byteCount > 4 { #expect(bytes != plain) }
            bytes.transform { reader.decrypt(&$0) }
            #expect(bytes == plain)
        }
    }
}
