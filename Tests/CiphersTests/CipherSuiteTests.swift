import Ciphers
import PacketPrimitives
import TestSupport
import Testing

/// What must hold for every suite in the table.
@Suite struct CipherSuiteTests {
    /// Suites whose datagrams prove that they were made with the key.
    static let keyed = CipherSuite.allCases.filter { $0 != .none && $0 != .null }
    static let checked = CipherSuite.allCases.filter { $0 != .null }
    static let seed: UInt64 = 0x5EED_0001

    private func nonces(_ count: Int, from random: SeededRandomSource) -> [Nonce] {
        (0..<count).map { _ in
            var nonce = Nonce()
            for index in nonce.indices { nonce[index] = UInt8(truncatingIfNeeded: random.next()) }
            return nonce
        }
    }

    private func makeEnvelope(_ suite: CipherSuite, key: [UInt8] = testKey) -> any PacketEnvelope {
        suite.makeEnvelope(key: key, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: Self.seed)))
    }

    /// The longest payload of a datagram of 1500 bytes.
    private func longest(_ envelope: any PacketEnvelope) -> Int {
        PacketSlab.maximumDatagramByteCount - envelope.headerByteCount - envelope.trailerByteCount
    }

    @Test func `the names are those of the original`() {
        #expect(
            Set(CipherSuite.allNames) == [
                "aes", "aes-128", "aes-192", "aes-128-gcm", "salsa20", "blowfish", "twofish", "cast5", "3des", "tea",
                "xtea", "xor", "sm4", "none", "null",
            ])
    }

    @Test(arguments: CipherSuite.allCases)
    func `a suite is found by its exact name only`(suite: CipherSuite) {
        #expect(CipherSuite(name: suite.name) == suite)
        #expect(CipherSuite(name: suite.name.uppercased()) == nil)
    }

    @Test(arguments: CipherSuite.allCases)
    func `the overhead is that of the protocol`(suite: CipherSuite) {
        let envelope = self.makeEnvelope(suite)
        let expected =
            switch suite {
            case .null: (0, 0)
            case .aes128GCM: (12, 16)
            default: (20, 0)
            }
        #expect((envelope.headerByteCount, envelope.trailerByteCount) == expected)
        #expect(suite.envelopeByteCount == expected.0 + expected.1)
    }

    @Test(arguments: CipherSuite.allCases)
    func `every payload length comes back`(suite: CipherSuite) {
        let random = SeededRandomSource(seed: Self.seed)
        let envelope = self.makeEnvelope(suite)
        let lengths = Array(0...100) + [500, 1322, self.longest(envelope) - 1, self.longest(envelope)]
        let payloads = lengths.map { randomBytes($0, from: random) }
        let sealed = envelope.sealed(payloads)
        let overhead = envelope.headerByteCount + envelope.trailerByteCount
        #expect(sealed.map(\.count) == lengths.map { $0 + overhead })
        let opened = envelope.opened(sealed)
        #expect(opened.payloads == payloads)
        #expect(opened.result == OpenResult(opened: sealed.count { !$0.isEmpty }))
    }

    @Test(arguments: CipherSuite.allCases, [1, 2, 3, 4, 5, 7, 48, 64, 150])
    func `a burst of mixed lengths gives the bytes of sealing one by one`(suite: CipherSuite, burst: Int) {
        let random = SeededRandomSource(seed: Self.seed &+ UInt64(burst))
        let nonces = self.nonces(burst, from: random)
        let payloads = (0..<burst).map { index in
            randomBytes(index % 3 == 0 ? 1322 : Int(random.next(as: UInt64.self) % 1400), from: random)
        }
        let envelope = suite.makeEnvelope(key: testKey, nonces: FixedNonceSource(nonces))
        let sealed = envelope.sealed(payloads)
        let single = suite.makeEnvelope(key: testKey, nonces: FixedNonceSource(nonces))
        #expect(sealed == payloads.map { single.sealed([$0])[0] }, "seed \(Self.seed)")
        #expect(envelope.opened(sealed).payloads == payloads, "seed \(Self.seed)")
    }

    @Test(arguments: CipherSuite.allCases)
    func `sealing and opening leave the entries in front alone`(suite: CipherSuite) {
        let random = SeededRandomSource(seed: Self.seed)
        let payloads = (0..<5).map { _ in randomBytes(300, from: random) }
        var slab = PacketSlab(payloads: payloads)
        let envelope = self.makeEnvelope(suite)
        envelope.seal(&slab, from: 2)
        #expect(Array(slab.allContents.prefix(2)) == Array(payloads.prefix(2)))
        #expect(envelope.open(&slab, from: 2) == OpenResult(opened: 3))
        #expect(slab.allContents == payloads)
    }

    @Test(arguments: CipherSuite.allCases)
    func `a range of entries is opened and the others are left alone`(suite: CipherSuite) {
        let random = SeededRandomSource(seed: Self.seed)
        let payloads = (0..<5).map { _ in randomBytes(300, from: random) }
        let envelope = self.makeEnvelope(suite)
        let sealed = envelope.sealed(payloads)
        var slab = PacketSlab(received: sealed)
        #expect(envelope.open(&slab, 1..<3) == OpenResult(opened: 2))
        #expect(slab.allContents == [sealed[0], payloads[1], payloads[2], sealed[3], sealed[4]])
    }

    @Test(arguments: checked)
    func `a damaged datagram is dropped and its neighbours are not`(suite: CipherSuite) {
        let random = SeededRandomSource(seed: Self.seed)
        let payloads = (0..<3).map { _ in randomBytes(200, from: random) }
        let envelope = self.makeEnvelope(suite)
        let sealed = envelope.sealed(payloads)
        // A CRC does not cover the nonce, and a tag covers everything.
        let first = suite == .aes128GCM ? 0 : 16
        for position in first..<sealed[1].count {
            var damaged = sealed
            damaged[1][position] ^= 0x10
            let opened = envelope.opened(damaged)
            #expect(opened.result == OpenResult(opened: 2, failedChecksum: 1), "byte \(position)")
            #expect(opened.payloads == [payloads[0], [], payloads[2]], "byte \(position)")
        }
    }

    @Test(arguments: checked)
    func `a datagram that lost its end is dropped`(suite: CipherSuite) {
        let envelope = self.makeEnvelope(suite)
        let overhead = envelope.headerByteCount + envelope.trailerByteCount
        let sealed = envelope.sealed([randomBytes(100, from: SeededRandomSource(seed: Self.seed))])[0]
        for byteCount in 1..<sealed.count {
            let opened = envelope.opened([Array(sealed.prefix(byteCount))])
            let isShort = byteCount < overhead
            #expect(
                opened.result == OpenResult(tooShort: isShort ? 1 : 0, failedChecksum: isShort ? 0 : 1),
                "\(byteCount) bytes")
            #expect(opened.payloads == [[]], "\(byteCount) bytes")
        }
    }

    @Test(arguments: keyed)
    func `another key opens nothing`(suite: CipherSuite) {
        let random = SeededRandomSource(seed: Self.seed)
        let sealed = self.makeEnvelope(suite).sealed((0..<8).map { _ in randomBytes(100, from: random) })
        let stranger = self.makeEnvelope(suite, key: KeyDerivation.derive(from: "another"))
        #expect(stranger.opened(sealed).result == OpenResult(failedChecksum: 8))
    }

    @Test(arguments: checked)
    func `noise is dropped`(suite: CipherSuite) {
        let random = SeededRandomSource(seed: Self.seed)
        let envelope = self.makeEnvelope(suite)
        let overhead = envelope.headerByteCount + envelope.trailerByteCount
        let noise = (1...1600).map { randomBytes($0, from: random) }
        let expected = OpenResult(tooShort: overhead - 1, failedChecksum: 1601 - overhead)
        #expect(envelope.opened(noise).result == expected, "seed \(Self.seed)")
    }

    @Test(arguments: checked)
    func `a datagram that is longer than the protocol allows is neither sealed nor opened`(suite: CipherSuite) {
        let envelope = self.makeEnvelope(suite)
        let payloads = [self.longest(envelope), self.longest(envelope) + 1].map { [UInt8](repeating: 1, count: $0) }
        #expect(envelope.sealed(payloads).map(\.count) == [PacketSlab.maximumDatagramByteCount, 0])
    }

    @Test(arguments: CipherSuite.allCases)
    func `what was dropped before is not counted`(suite: CipherSuite) {
        let envelope = self.makeEnvelope(suite)
        let sealed = envelope.sealed([[1, 2, 3]])
        #expect(envelope.opened([[], sealed[0], []]).result == OpenResult(opened: 1))
    }

    @Test func `only the authenticated suite has no weakness`() {
        #expect(CipherSuite.allCases.filter { $0.weakness == nil } == [.aes128GCM])
        #expect(CipherSuite.allCases.filter(\.isBroken) == [.tea, .xor, .none, .null])
    }

    /// With such bytes all round keys of DES are the same, which libgcrypt refuses unless told otherwise.
    @Test(arguments: CipherSuite.allCases, [0x00, 0x01, 0xFE, 0xFF] as [UInt8])
    func `keys that theory calls weak work`(suite: CipherSuite, byte: UInt8) {
        let envelope = self.makeEnvelope(suite, key: [UInt8](repeating: byte, count: 32))
        let payload: [UInt8] = Array(0...99)
        #expect(envelope.opened(envelope.sealed([payload])).payloads == [payload])
    }

    @Test func `a key that is too short is a bug of the caller`() async {
        await #expect(processExitsWith: .failure) {
            let nonces = FixedNonceSource([Nonce()])
            _ = CipherSuite.aes.makeEnvelope(key: [UInt8](repeating: 0, count: 31), nonces: nonces)
        }
    }

    /// Each loop has envelopes of its own; libgcrypt's global state is all that they share.
    @Test func `envelopes on several threads do not disturb each other`() async {
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let random = SeededRandomSource(seed: UInt64(task))
                    let payloads = (0..<8).map { _ in randomBytes(300, from: random) }
                    return CipherSuite.allCases.allSatisfy { suite in
                        let nonces = NonceGenerator(seededBy: SystemRandomSource())
                        let envelope = suite.makeEnvelope(key: testKey, nonces: nonces)
                        return (0..<20).allSatisfy { _ in
                            envelope.opened(envelope.sealed(payloads)).payloads == payloads
                        }
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
