package import Ciphers
import PacketPrimitives

/// Why a datagram cannot be read, as far as it can be found out by trying: which cipher and which key open it.
package struct DatagramDiagnosis: Hashable, Sendable {
    /// The cipher that opens it.
    package var cipher: CipherSuite
    /// Which of the keys that were tried does; any, if the cipher has no key.
    package var keyIndex: Int

    package init(cipher: CipherSuite, keyIndex: Int) {
        self.cipher = cipher
        self.keyIndex = keyIndex
    }

    /// Tries all ciphers with all keys, as derived; `nil` if none opens the datagram. Takes about a millisecond.
    package init?(of datagram: [UInt8], keys: [[UInt8]]) {
        for (index, key) in keys.enumerated() {
            for suite in CipherSuite.allCases where Self.opens(datagram, suite, key) {
                self.init(cipher: suite, keyIndex: index)
                return
            }
        }
        return nil
    }

    private static func opens(_ datagram: [UInt8], _ suite: CipherSuite, _ key: [UInt8]) -> Bool {
        guard !datagram.isEmpty, datagram.count <= PacketSlab.maximumDatagramByteCount else { return false }
        let envelope = suite.makeEnvelope(key: key, nonces: NoNonces())
        var slab = PacketSlab(slotCount: 1)
        slab.takeSlot(byteCount: datagram.count)
        var bytes = slab.mutableBytes(at: 0)
        unsafe bytes.copyBytes(from: datagram.span.bytes)
        _ = envelope.open(&slab, from: 0)
        return slab[0].byteCount > 0 && SessionAdmission.isPlausible(slab.bytes(at: 0))
    }
}

/// For envelopes that only open.
private final class NoNonces: NonceSource {
    func next() -> Nonce { preconditionFailure("nothing is sealed here") }
}
