import Ciphers
import PacketPrimitives

/// The envelopes of all ciphers, with the key of the recorded sessions. Made once, as some take long.
final class EnvelopeSet {
    private let envelopes: [CipherSuite: any PacketEnvelope]

    init() {
        let key = KeyDerivation.derive(from: "it's a secrect")
        self.envelopes = Dictionary(
            uniqueKeysWithValues: CipherSuite.allCases.map { ($0, $0.makeEnvelope(key: key, nonces: FixedNonces())) })
    }

    subscript(suite: CipherSuite) -> any PacketEnvelope {
        guard let envelope = self.envelopes[suite] else { preconditionFailure("every cipher has an envelope") }
        return envelope
    }
}

/// The same nonce for every datagram, so that a run does not depend on those before it.
final class FixedNonces: NonceSource {
    func next() -> Nonce { Nonce(repeating: 0x5A) }
}

extension PacketEnvelope {
    /// The datagram for a payload.
    func seal(_ payload: [UInt8]) -> [UInt8] {
        var slab = PacketSlab(slotCount: 1)
        slab.takeSlot(byteCount: payload.count)
        var bytes = slab.mutableBytes(at: 0)
        bytes.copyBytes(from: payload.span.bytes)
        self.seal(&slab, from: 0)
        return [UInt8](copying: slab.bytes(at: 0))
    }
}

extension PacketSlab {
    /// A slab with one datagram and not a byte more, so that the sanitizer sees who reads too far.
    init(holding datagram: [UInt8]) {
        self.init(byteCapacity: max(datagram.count, 1), entryCapacity: 1)
        self.appendEntry(offset: 0, byteCount: datagram.count)
        var bytes = self.mutableBytes(at: 0)
        bytes.copyBytes(from: datagram.span.bytes)
    }
}
