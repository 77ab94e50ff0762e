import Ciphers
import PacketPrimitives
import TestSupport

/// Hands out given nonces in order; at the end it starts again.
final class FixedNonceSource: NonceSource {
    private let nonces: [Nonce]
    private var position = 0

    init(_ nonces: [Nonce]) { self.nonces = nonces }

    /// One nonce, as the vectors write it; missing bytes are 0.
    convenience init(bytes: [UInt8]) {
        var nonce = Nonce()
        for (index, byte) in bytes.enumerated() { nonce[index] = byte }
        self.init([nonce])
    }

    func next() -> Nonce {
        defer { self.position += 1 }
        return self.nonces[self.position % self.nonces.count]
    }
}

/// The key that the tests use: the default one of the programs.
let testKey = KeyDerivation.derive(from: "it's a secrect")

extension PacketSlab {
    /// A slab to send from that holds these payloads.
    init(payloads: [[UInt8]]) {
        self.init(slotCount: max(1, payloads.count))
        for payload in payloads {
            self.takeSlot(byteCount: payload.count)
            var bytes = self.mutableBytes(at: self.count - 1)
            bytes.copyBytes(from: payload.span.bytes)
        }
    }

    /// A slab as the kernel fills one: the datagrams lie back to back.
    init(received datagrams: [[UInt8]]) {
        self.init(byteCapacity: max(1, datagrams.map(\.count).reduce(0, +)), entryCapacity: max(1, datagrams.count))
        var offset = 0
        for datagram in datagrams {
            self.appendEntry(offset: offset, byteCount: datagram.count)
            var bytes = self.mutableBytes(at: self.count - 1)
            bytes.copyBytes(from: datagram.span.bytes)
            offset += datagram.count
        }
    }

    func contents(at index: Int) -> [UInt8] {
        self.bytes(at: index).withUnsafeBytes { Array($0) }
    }

    var allContents: [[UInt8]] {
        var result: [[UInt8]] = []
        for index in 0..<self.count { result.append(self.contents(at: index)) }
        return result
    }
}

extension PacketEnvelope {
    func sealed(_ payloads: [[UInt8]]) -> [[UInt8]] {
        var slab = PacketSlab(payloads: payloads)
        self.seal(&slab, from: 0)
        return slab.allContents
    }

    func opened(_ datagrams: [[UInt8]]) -> (result: OpenResult, payloads: [[UInt8]]) {
        var slab = PacketSlab(received: datagrams)
        let result = self.open(&slab, from: 0)
        return (result, slab.allContents)
    }
}

/// Bytes that differ from each other and from test to test.
func randomBytes(_ byteCount: Int, from random: SeededRandomSource) -> [UInt8] {
    (0..<byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
}
