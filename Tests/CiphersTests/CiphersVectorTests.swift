import Ciphers
import PacketPrimitives
import TestSupport
import Testing

/// crypt.json: whole datagrams.
@Suite struct CryptVectorTests {
    struct File: Decodable {
        var payloadSource: Hex
        var ciphers: [Cipher]
    }

    struct Cipher: Decodable {
        var crypt: String
        var effective: String
        var key: String
        var headerBeforePayload: Int
        var cases: [Case]
    }

    struct Case: Decodable {
        var len: Int
        var nonce: Hex
        var datagram: Hex
    }

    struct Argument: CustomTestStringConvertible, Sendable {
        var crypt: String
        var effective: String
        var key: String
        var header: Int
        var nonce: [UInt8]
        var payload: [UInt8]
        var datagram: [UInt8]

        var testDescription: String { "\(self.crypt), key \(self.key), \(self.payload.count) bytes" }

        func makeEnvelope() throws -> any PacketEnvelope {
            let suite = try #require(CipherSuite(name: self.effective))
            let nonces = FixedNonceSource(bytes: self.nonce)
            return suite.makeEnvelope(key: KeyDerivation.derive(from: self.key), nonces: nonces)
        }
    }

    static func arguments() throws -> [Argument] {
        let file = try Vectors.load("crypt.json", as: File.self)
        return file.ciphers.flatMap { cipher in
            cipher.cases.map { row in
                Argument(
                    crypt: cipher.crypt, effective: cipher.effective, key: cipher.key,
                    header: cipher.headerBeforePayload, nonce: row.nonce.bytes,
                    payload: Array(file.payloadSource.bytes.prefix(row.len)), datagram: row.datagram.bytes)
            }
        }
    }

    @Test(arguments: try arguments())
    func `sealing gives the datagram of the vector`(argument: Argument) throws {
        let envelope = try argument.makeEnvelope()
        #expect(envelope.headerByteCount == argument.header)
        #expect(envelope.sealed([argument.payload])[0].hex == argument.datagram.hex)
    }

    @Test(arguments: try arguments())
    func `in a burst of equals every datagram is that of the vector`(argument: Argument) throws {
        let sealed = try argument.makeEnvelope().sealed(Array(repeating: argument.payload, count: 9))
        #expect(sealed == Array(repeating: argument.datagram, count: 9))
    }

    @Test(arguments: try arguments())
    func `opening gives the payload of the vector`(argument: Argument) throws {
        let envelope = try argument.makeEnvelope()
        let opened = envelope.opened([argument.datagram])
        #expect(opened.result == OpenResult(opened: argument.datagram.isEmpty ? 0 : 1))
        #expect(opened.payloads[0].hex == argument.payload.hex)
    }

    @Test func `all 242 datagrams are there and every suite has some`() throws {
        let arguments = try Self.arguments()
        #expect(arguments.count == 242)
        #expect(Set(arguments.map(\.effective)) == Set(CipherSuite.allNames))
    }

    @Test func `the name that the original takes for aes is unknown here`() throws {
        let unknown = Set(try Self.arguments().filter { $0.crypt != $0.effective }.map(\.crypt))
        #expect(unknown == ["no-such-cipher"])
        #expect(CipherSuite(name: "no-such-cipher") == nil)
    }
}

/// pbkdf2.json: keys.
@Suite struct KeyDerivationVectorTests {
    struct File: Decodable {
        var cases: [Case]
        var xorPad1500DefaultKey: Hex
    }

    struct Case: Decodable, Sendable {
        var key: String
        var keyHex: Hex
        var pass: Hex
        var xorPadFirst64: Hex
    }

    static func cases() throws -> [Case] { try Vectors.load("pbkdf2.json", as: File.self).cases }

    /// What the suite xor does to bytes that are all 0, from the first nonce byte on.
    private func pad(key: [UInt8]) -> [UInt8] {
        let envelope = CipherSuite.xor.makeEnvelope(key: key, nonces: FixedNonceSource(bytes: []))
        var datagram = envelope.sealed([[UInt8](repeating: 0, count: 1480)])[0]
        let plain = CipherSuite.none.makeEnvelope(key: key, nonces: FixedNonceSource(bytes: []))
            .sealed([[UInt8](repeating: 0, count: 1480)])[0]
        for index in datagram.indices { datagram[index] ^= plain[index] }
        return datagram
    }

    @Test(arguments: try cases())
    func `the key string gives the key of the vector`(row: Case) {
        #expect(Array(row.key.utf8) == row.keyHex.bytes)
        #expect(KeyDerivation.derive(from: row.key).hex == row.pass.bytes.hex)
    }

    @Test(arguments: try cases())
    func `the pad of xor starts as in the vector`(row: Case) {
        #expect(self.pad(key: row.pass.bytes).prefix(64).elementsEqual(row.xorPadFirst64.bytes))
    }

    @Test func `the whole pad of the default key is that of the vector`() throws {
        let file = try Vectors.load("pbkdf2.json", as: File.self)
        #expect(self.pad(key: testKey).hex == file.xorPad1500DefaultKey.bytes.hex)
        #expect(file.cases.count == 8)
    }
}

/// qpp.json: streams.
@Suite struct PermutationVectorTests {
    struct File: Decodable {
        var plain: Hex
        var chunkingsVerifiedEqual: [[Int]]
        var cases: [Case]
    }

    struct Case: Decodable {
        var key: String
        var keyHex: Hex
        var qppCount: Int
        var cipher: Hex
    }

    struct Argument: CustomTestStringConvertible, Sendable {
        var key: String
        var count: Int
        var chunking: [Int]
        var plain: [UInt8]
        var cipher: [UInt8]

        var testDescription: String { "\(self.count) pads, key \(self.key), chunks \(self.chunking)" }
    }

    static func arguments() throws -> [Argument] {
        let file = try Vectors.load("qpp.json", as: File.self)
        #expect(file.cases.count == 12)
        return file.cases.flatMap { row in
            file.chunkingsVerifiedEqual.map { chunking in
                Argument(
                    key: row.key, count: row.qppCount, chunking: chunking, plain: file.plain.bytes,
                    cipher: row.cipher.bytes)
            }
        }
    }

    @Test(arguments: try arguments())
    func `a stream in chunks is that of the vector, both ways`(argument: Argument) throws {
        let pads = try PermutationPads(key: argument.key, count: argument.count)
        var writer = PermutationStream(pads: pads)
        var reader = PermutationStream(pads: pads)
        var cipher: [UInt8] = []
        var plain: [UInt8] = []
        var position = 0
        for byteCount in argument.chunking {
            var chunk = Array(argument.plain[position..<position + byteCount])
            chunk.transform { writer.encrypt(&$0) }
            cipher += chunk
            chunk.transform { reader.decrypt(&$0) }
            plain += chunk
            position += byteCount
        }
        #expect(cipher.hex == argument.cipher.hex)
        #expect(plain.hex == argument.plain.hex)
    }
}

extension [UInt8] {
    /// Changes the bytes in place.
    mutating func transform(_ body: (inout MutableRawSpan) -> Void) {
        self.withUnsafeMutableBytes { buffer in
            var bytes = buffer.mutableBytes
            body(&bytes)
        }
    }
}
