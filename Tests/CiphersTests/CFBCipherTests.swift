import CGcrypt
import PacketPrimitives
import TestSupport
import Testing

@testable import Ciphers

/// CFB as the protocol writes it (01 §3.1): one block after the other, over an encryption of single blocks.
private func referenceCFB(_ plain: [UInt8], blockByteCount: Int, encrypt: ([UInt8]) -> [UInt8]) -> [UInt8] {
    var register = encrypt(Array(cfbInitialisationVector.prefix(blockByteCount)))
    var cipher: [UInt8] = []
    for start in stride(from: 0, to: plain.count, by: blockByteCount) {
        let block = plain[start..<min(start + blockByteCount, plain.count)]
        let encrypted = zip(block, register).map { $0 ^ $1 }
        cipher += encrypted
        if encrypted.count == blockByteCount { register = encrypt(encrypted) }
    }
    return cipher
}

/// One block by the library's plain mode.
private func encryptBlock(_ block: [UInt8], _ algorithm: gcry_cipher_algos, key: [UInt8]) -> [UInt8] {
    var block = block
    let handle = CipherHandle(algorithm, GCRY_CIPHER_MODE_ECB, key: key)
    block.withUnsafeMutableBytes { handle.encrypt($0.baseAddress!, byteCount: $0.count) }
    return block
}

@Suite struct CFBCipherTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var suite: CipherSuite
        var blockByteCount: Int
        var makeCipher: @Sendable ([UInt8]) -> any DatagramCipher
        var encrypt: @Sendable ([UInt8], [UInt8]) -> [UInt8]

        var testDescription: String { self.suite.name }
    }

    static let rows = [
        Row(suite: .aes, blockByteCount: 16, makeCipher: AES.makeCipher) {
            encryptBlock($0, GCRY_CIPHER_AES256, key: $1)
        },
        Row(suite: .aes128, blockByteCount: 16, makeCipher: AES.makeCipher) {
            encryptBlock($0, GCRY_CIPHER_AES, key: $1)
        },
        Row(suite: .aes192, blockByteCount: 16, makeCipher: AES.makeCipher) {
            encryptBlock($0, GCRY_CIPHER_AES192, key: $1)
        },
        Row(suite: .sm4, blockByteCount: 16, makeCipher: SM4.makeCipher) {
            encryptBlock($0, GCRY_CIPHER_SM4, key: $1)
        },
        Row(suite: .twofish, blockByteCount: 16, makeCipher: Twofish.makeCipher) {
            encryptBlock($0, GCRY_CIPHER_TWOFISH, key: $1)
        },
        Row(suite: .blowfish, blockByteCount: 8, makeCipher: Blowfish.makeCipher) {
            encryptBlock($0, GCRY_CIPHER_BLOWFISH, key: $1)
        },
        Row(suite: .cast5, blockByteCount: 8, makeCipher: CAST5.makeCipher) {
            encryptBlock($0, GCRY_CIPHER_CAST5, key: $1)
        },
        Row(suite: .tripleDES, blockByteCount: 8, makeCipher: TripleDES.makeCipher) {
            encryptBlock($0, GCRY_CIPHER_3DES, key: $1)
        },
        Row(suite: .tea, blockByteCount: 8, makeCipher: TEA.makeCipher, encrypt: referenceTEA),
        Row(suite: .xtea, blockByteCount: 8, makeCipher: XTEA.makeCipher, encrypt: referenceXTEA),
    ]

    @Test(arguments: rows, [1, 2, 3, 4, 6, 8, 9, 48, 64, 65])
    func `a burst is encrypted as the reference encrypts each datagram`(row: Row, burst: Int) {
        let random = SeededRandomSource(seed: 0xCFB)
        let key = Array(testKey.prefix(row.suite.keyByteCount))
        let lengths = (0..<burst).map { burst > 10 && $0 % 4 > 0 ? 200 : 20 + Int(random.next(as: UInt64.self) % 200) }
        let plain = lengths.map { randomBytes($0, from: random) }
        var slab = PacketSlab(payloads: plain)
        row.makeCipher(key).encrypt(&slab, from: 0)
        let expected = plain.map { plain in
            referenceCFB(plain, blockByteCount: row.blockByteCount) { row.encrypt($0, key) }
        }
        #expect(slab.allContents == expected)
    }

    @Test(arguments: rows)
    func `decryption undoes the reference at every length and leaves the neighbours alone`(row: Row) {
        let random = SeededRandomSource(seed: 0xCFB)
        let key = Array(testKey.prefix(row.suite.keyByteCount))
        let cipher = row.makeCipher(key)
        for byteCount in Array(1...100) + [127, 128, 129, 1350] {
            let plain = randomBytes(byteCount, from: random)
            let encrypted = referenceCFB(plain, blockByteCount: row.blockByteCount) { row.encrypt($0, key) }
            // At an odd address, between bytes that must stay.
            var memory = [0xAA] + encrypted + [0xBB]
            memory.withUnsafeMutableBytes { cipher.decrypt($0.baseAddress! + 1, byteCount: byteCount) }
            #expect(memory == [0xAA] + plain + [0xBB], "\(byteCount) bytes")
        }
    }
}

/// TEA with 8 cycles in the words of the protocol (01 §2).
@Sendable private func referenceTEA(_ block: [UInt8], key: [UInt8]) -> [UInt8] {
    var v = words(block)
    let k = words(key)
    var sum: UInt32 = 0
    for _ in 0..<8 {
        sum &+= 0x9E37_79B9
        v[0] &+= ((v[1] << 4) &+ k[0]) ^ (v[1] &+ sum) ^ ((v[1] >> 5) &+ k[1])
        v[1] &+= ((v[0] << 4) &+ k[2]) ^ (v[0] &+ sum) ^ ((v[0] >> 5) &+ k[3])
    }
    return bytes(v)
}

/// XTEA with 32 cycles in the words of the protocol (01 §2).
@Sendable func referenceXTEA(_ block: [UInt8], key: [UInt8]) -> [UInt8] {
    var v = words(block)
    let k = words(key)
    var sum: UInt32 = 0
    for _ in 0..<32 {
        v[0] &+= (((v[1] << 4) ^ (v[1] >> 5)) &+ v[1]) ^ (sum &+ k[Int(sum & 3)])
        sum &+= 0x9E37_79B9
        v[1] &+= (((v[0] << 4) ^ (v[0] >> 5)) &+ v[0]) ^ (sum &+ k[Int(sum >> 11 & 3)])
    }
    return bytes(v)
}

private func words(_ bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count, by: 4).map { start in
        bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}

private func bytes(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
}
