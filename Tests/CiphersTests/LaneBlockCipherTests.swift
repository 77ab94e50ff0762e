import PacketPrimitives
import TestSupport
import Testing

@testable import Ciphers

@Suite struct LaneBlockCipherTests {
    /// Encrypts hexadecimal blocks.
    private func encrypted<Rounds: FeistelRounds>(
        _ blocks: [String], key: String, by rounds: Rounds.Type
    ) -> [String] {
        let cipher = LaneBlockCipher<Rounds>(key: [UInt8](hex: key)!)
        var input = blocks.map { UInt64(littleEndianBytes: [UInt8](hex: $0)!) }
        input += Array(repeating: 0, count: batchPadding)
        var output = Array(repeating: UInt64(0), count: input.count)
        cipher.encryptBlocks(&input, into: &output, count: blocks.count)
        return output.prefix(blocks.count).map { $0.littleEndianBytes.hex }
    }

    /// Widely published test vectors of XTEA with 32 cycles.
    @Test(arguments: [
        ("000102030405060708090a0b0c0d0e0f", "4142434445464748", "497df3d072612cb5"),
        ("000102030405060708090a0b0c0d0e0f", "4141414141414141", "e78f2d13744341d8"),
        ("000102030405060708090a0b0c0d0e0f", "5a5b6e278948d77f", "4141414141414141"),
        ("00000000000000000000000000000000", "4142434445464748", "a0390589f8b8efa5"),
        ("00000000000000000000000000000000", "4141414141414141", "ed23375a821a8c2d"),
        ("00000000000000000000000000000000", "70e1225d6e4e7655", "4141414141414141"),
    ])
    func `XTEA gives its known answers`(key: String, plain: String, cipher: String) {
        #expect(self.encrypted([plain], key: key, by: XTEA.self) == [cipher])
    }

    /// Go's golang.org/x/crypto/tea publishes no answer for 16 rounds; these follow from the first datagrams of
    /// crypt.json, whose first two blocks are the nonce xor E(IV) and xor E(C₀).
    @Test func `TEA gives the answers that the recorded datagrams contain`() throws {
        struct File: Decodable { var ciphers: [CryptVectorTests.Cipher] }
        let file = try Vectors.load("crypt.json", as: File.self)
        let rows = file.ciphers.filter { $0.crypt == "tea" }
        #expect(rows.count == 2)
        for row in rows {
            let key = Array(KeyDerivation.derive(from: row.key).prefix(16)).hex
            for datagram in row.cases {
                let cipher = datagram.datagram.bytes
                let masks = zip(datagram.nonce.bytes, cipher).map { $0 ^ $1 }
                let inputs = [Array(cfbInitialisationVector.prefix(8)).hex, Array(cipher.prefix(8)).hex]
                let expected = [Array(masks.prefix(8)).hex, Array(masks.suffix(8)).hex]
                #expect(self.encrypted(inputs, key: key, by: TEA.self) == expected)
            }
        }
    }

    @Test(arguments: 1...20)
    func `every lane computes the same`(count: Int) {
        let key = "000102030405060708090a0b0c0d0e0f"
        let blocks = (0..<count).map { UInt64($0 &* 0x0123_4567_89AB).littleEndianBytes }
        let expected = blocks.map { referenceXTEA($0, key: [UInt8](hex: key)!).hex }
        #expect(self.encrypted(blocks.map(\.hex), key: key, by: XTEA.self) == expected)
    }
}

extension UInt64 {
    init(littleEndianBytes bytes: [UInt8]) { self = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

    var littleEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (8 * UInt64($0))) } }
}
