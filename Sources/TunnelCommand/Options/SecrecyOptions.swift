import ArgumentParser
import Ciphers

/// What keeps strangers out. Both ends must agree on all of it.
package struct SecrecyOptions: ParsableArguments {
    @Option(
        name: .customLong("key"), parsing: .unconditional,
        help: .init(
            "The secret that both ends share. Better set in the environment as KCPTUN_KEY: other users can see flags.",
            valueName: "secret"))
    package var key = Self.publicKey

    @Option(
        name: .customLong("crypt"), parsing: .unconditional,
        help: .init(
            "How datagrams are encrypted, the same at both ends: \(CipherSuite.nameList).", valueName: "cipher"),
        completion: .list(CipherSuite.allNames))
    package var crypt = "aes"

    @Flag(
        name: .customLong("QPP"),
        help: "Also scramble each stream with quantum permutation pads.")
    package var usesPermutationPads = false

    @Option(
        name: .customLong("QPPCount"), parsing: .unconditional,
        help: .init("How many pads --QPP uses; at least 7, a prime.", valueName: "count"))
    package var permutationPadCount = Self.defaultPadCount

    /// The key that everybody knows, spelled as in the original (protocol 08 §D).
    package static let publicKey = "it's a secrect"

    package static let defaultPadCount = 61

    package init() {}
}

extension CipherSuite {
    /// The names for a sentence.
    static var nameList: String { Self.allNames.joined(separator: ", ") }
}
