import Ciphers
import PacketPrimitives
import TestSupport
import Testing

/// Fills with zeros.
private final class ZeroSource: RandomSource {
    func fill(_ bytes: inout MutableRawSpan) {
        for offset in 0..<bytes.byteCount { bytes.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self) }
    }
}

@Suite struct NonceGeneratorTests {
    /// RFC 8439 appendix A.1, vector 1: the key stream of key 0 and nonce 0.
    @Test func `the nonces are the ChaCha20 key stream of the seed`() {
        let generator = NonceGenerator(seededBy: ZeroSource())
        let nonces = (0..<4).map { _ in generator.next() }
        let bytes = nonces.flatMap { nonce in nonce.indices.map { nonce[$0] } }
        #expect(
            bytes.hex == "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
                + "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586")
    }

    @Test func `nonces do not repeat over several refills`() {
        let generator = NonceGenerator(seededBy: SeededRandomSource(seed: 1))
        #expect(Set((0..<2000).map { _ in generator.next() }).count == 2000)
    }

    @Test func `another seed gives other nonces`() {
        let first = NonceGenerator(seededBy: SeededRandomSource(seed: 1))
        let second = NonceGenerator(seededBy: SeededRandomSource(seed: 2))
        #expect(first.next() != second.next())
    }
}

@Suite struct SystemRandomSourceTests {
    @Test func `it fills all bytes, differently each time`() {
        let source = SystemRandomSource()
        var seen = Set<UInt64>()
        for _ in 0..<100 { seen.insert(source.next(as: UInt64.self)) }
        #expect(seen.count == 100)
    }

    @Test func `nothing to fill is no error`() {
        var empty: [UInt8] = []
        empty.transform { SystemRandomSource().fill(&$0) }
    }
}
