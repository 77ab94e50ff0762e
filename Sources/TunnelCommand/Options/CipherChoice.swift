/// What the check of the options needs to know of a cipher.
package struct CipherChoice: Hashable, Sendable {
    /// The name that `--crypt` takes.
    package var name: String
    /// What the cipher's envelope adds to each datagram (protocol 01).
    package var envelopeByteCount: Int

    /// Every cipher that there is.
    package static let all: [CipherChoice] =
        [CipherChoice(name: "aes-128-gcm", envelopeByteCount: 28), CipherChoice(name: "null", envelopeByteCount: 0)]
        + [
            "aes", "aes-128", "aes-192", "salsa20", "blowfish", "twofish", "cast5", "3des", "tea", "xtea", "xor", "sm4",
            "none",
        ].map { CipherChoice(name: $0, envelopeByteCount: 20) }

    /// The names for a sentence.
    package static var list: String { Self.all.map(\.name).sorted().joined(separator: ", ") }

    /// The ciphers that anybody can see through (protocol 08 A6).
    package static let transparentNames: Set<String> = ["none", "null", "xor"]
}
