import Ciphers
import FuzzSupport
import PacketPrimitives
import TestSupport

/// Datagrams into the envelope of every cipher: bytes as they come, or what we have sealed, damaged or not.
/// What is opened is what was sealed.
final class EnvelopeTarget: FuzzTarget {
    static let name = "envelope"
    private let envelopes = EnvelopeSet()

    static func seeds() throws -> [[UInt8]] {
        struct File: Decodable {
            struct Cipher: Decodable { var effective: String, cases: [Case] }
            struct Case: Decodable { var datagram: Hex }
            var ciphers: [Cipher]
        }
        let file = try Vectors.load("crypt.json", as: File.self)
        return file.ciphers.flatMap { cipher in
            let index = UInt8(CipherSuite.allNames.firstIndex(of: cipher.effective) ?? 0)
            return cipher.cases.flatMap { one -> [[UInt8]] in
                let bytes = one.datagram.bytes
                return [[index, 0] + bytes, [index, 1, 0, 0, 0] + bytes]
            }
        }
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let suite = input.element(of: CipherSuite.allCases)
        let envelope = self.envelopes[suite]
        switch input.byte() % 3 {
        case 0: try Self.openForeign(input.rest(), envelope)
        case 1: try Self.openOwn(Damage(&input), payload: input.rest(), suite, envelope)
        default: try Self.openOwn(nil, payload: input.rest(), suite, envelope)
        }
    }

    private static func openForeign(_ datagram: [UInt8], _ envelope: any PacketEnvelope) throws(BrokenPromise) {
        guard !datagram.isEmpty else { return }
        var slab = PacketSlab(holding: datagram)
        let result = envelope.open(&slab, from: 0)
        try promise(result.opened + result.tooShort + result.failedChecksum == 1, "a datagram has one fate")
        let overhead = envelope.headerByteCount + envelope.trailerByteCount
        try promise(
            Int(slab[0].byteCount) == (result.opened == 1 ? datagram.count - overhead : 0), "the payload's length")
    }

    private static func openOwn(
        _ damage: Damage?, payload: [UInt8], _ suite: CipherSuite, _ envelope: any PacketEnvelope
    ) throws(BrokenPromise) {
        let overhead = envelope.headerByteCount + envelope.trailerByteCount
        let payload = Array(payload.prefix(PacketSlab.maximumDatagramByteCount - overhead))
        var datagram = envelope.seal(payload)
        let isDamaged = damage?.apply(to: &datagram) ?? false
        var slab = PacketSlab(holding: datagram)
        let result = envelope.open(&slab, from: 0)
        let hasOpened = result.opened == 1
        if !isDamaged { try promise(hasOpened || datagram.isEmpty, "\(suite): a genuine datagram was refused") }
        // Without encryption nothing tells that the nonce is damaged; without a checksum nothing tells anything.
        if hasOpened, suite != .null {
            try promise([UInt8](copying: slab.bytes(at: 0)) == payload, "\(suite): a damaged payload was let through")
        }
    }
}

/// What may happen to a datagram.
struct Damage {
    private let place: Int
    private let pattern: UInt8
    private let cut: Bool

    init(_ input: inout FuzzInput) {
        self.place = Int(input.short())
        let pattern = input.byte()
        self.cut = pattern == 0xFF
        self.pattern = pattern
    }

    /// Returns whether anything has changed.
    func apply(to datagram: inout [UInt8]) -> Bool {
        guard !datagram.isEmpty, self.pattern != 0 else { return false }
        let place = self.place % datagram.count
        if self.cut {
            datagram.removeSubrange(place...)
        } else {
            datagram[place] ^= self.pattern
        }
        return true
    }
}
