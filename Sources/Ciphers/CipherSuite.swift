/// The ways to protect datagrams that `--crypt` chooses from (protocol 01 §2).
///
/// To add one: a file in `Block` or `Stream`, a case, and its row in `properties`.
package enum CipherSuite: String, CaseIterable, Sendable {
    case aes
    case aes128 = "aes-128"
    case aes192 = "aes-192"
    case aes128GCM = "aes-128-gcm"
    case salsa20
    case blowfish
    case twofish
    case cast5
    case tripleDES = "3des"
    case tea
    case xtea
    case xor
    case sm4
    case none
    case null

    /// How the suite makes an envelope out of its key.
    private enum Maker {
        /// Nonce and CRC in front, then this cipher over the whole datagram.
        case checksummed(([UInt8]) -> any DatagramCipher)
        case envelope(byteCount: Int, ([UInt8], any NonceSource) -> any PacketEnvelope)
    }

    private var properties: (keyByteCount: Int, weakness: String?, maker: Maker) {
        switch self {
        case .aes: (32, Self.unauthenticated, .checksummed(AES.makeCipher))
        case .aes128: (16, Self.unauthenticated, .checksummed(AES.makeCipher))
        case .aes192: (24, Self.unauthenticated, .checksummed(AES.makeCipher))
        case .aes128GCM: (16, nil, .envelope(byteCount: 28, AEADEnvelope.init(key:nonces:)))
        case .salsa20: (32, Self.unauthenticated, .checksummed(Salsa20.init))
        case .blowfish: (32, Self.smallBlock, .checksummed(Blowfish.makeCipher))
        case .twofish: (32, Self.unauthenticated, .checksummed(Twofish.makeCipher))
        case .cast5: (16, Self.smallBlock, .checksummed(CAST5.makeCipher))
        case .tripleDES: (24, Self.smallBlock, .checksummed(TripleDES.makeCipher))
        case .tea: (16, "TEA with 8 of its 32 cycles is broken", .checksummed(TEA.makeCipher))
        case .xtea: (16, Self.smallBlock, .checksummed(XTEA.makeCipher))
        case .xor: (32, "a fixed pad hides nothing from anybody who records traffic", .checksummed(XORPad.init))
        case .sm4: (16, Self.unauthenticated, .checksummed(SM4.makeCipher))
        case .none: (0, "nothing is encrypted", .checksummed { _ in Identity() })
        case .null: (0, "nothing is encrypted or checked", .envelope(byteCount: 0) { _, _ in NullEnvelope() })
        }
    }

    private static let unauthenticated = "datagrams are encrypted but not authenticated"
    private static let smallBlock = "64-bit blocks repeat after some gigabytes (Sweet32), and nothing is authenticated"

    /// The suite of this exact name; `nil` if there is none. The original silently takes `aes` then.
    package init?(name: String) { self.init(rawValue: name) }

    /// What `--crypt` calls it.
    package var name: String { self.rawValue }

    /// All names, in the order of the help text.
    package static let allNames = Self.allCases.map(\.name)

    /// How many bytes of the derived key it uses.
    package var keyByteCount: Int { self.properties.keyByteCount }

    /// What the envelope adds to each datagram, in front and behind together.
    package var envelopeByteCount: Int {
        switch self.properties.maker {
        case .checksummed: 20
        case .envelope(let byteCount, _): byteCount
        }
    }

    /// What a passive or active attacker can do that AES-128-GCM would prevent, in words; `nil` for nothing.
    package var weakness: String? { self.properties.weakness }

    /// Whether the content is easily readable to others, so that a start-up warning is due: broken, pad or no cipher.
    package var isBroken: Bool {
        switch self {
        case .tea, .xor, .none, .null: true
        default: false
        }
    }

    /// Whether anybody can make datagrams that pass the check, without the key and without having seen any.
    package var isForgeable: Bool { self == .none || self == .null }

    /// An envelope for one loop. `key` is what `KeyDerivation.derive` returned, all 32 bytes.
    package func makeEnvelope(key: [UInt8], nonces: any NonceSource) -> any PacketEnvelope {
        let properties = self.properties
        precondition(key.count >= properties.keyByteCount, "the derived key is too short")
        let key = Array(key.prefix(properties.keyByteCount))
        return switch properties.maker {
        case .checksummed(let makeCipher): ChecksummedEnvelope(cipher: makeCipher(key), nonces: nonces)
        case .envelope(_, let makeEnvelope): makeEnvelope(key, nonces)
        }
    }
}
