import ArgumentParser

/// What keeps strangers out. Both ends must agree on all of it.
package struct SecrecyOptions: ParsableArguments {
    @Option(
        name: .customLong("key"), parsing: .unconditional,
        help: .init(
            "The secret that both ends share.",
            discussion: "Also read from the environment variable KCPTUN_KEY, where other users cannot see it.",
            valueName: "secret"))
    package var key = Self.publicKey

    @Option(
        name: .customLong("crypt"), parsing: .unconditional,
        help: .init(
            "How datagrams are encrypted.", discussion: "One of \(CipherChoice.list).", valueName: "cipher"))
    package var crypt = "aes"

    @Flag(
        name: .customLong("QPP"),
        help: "Also scramble each stream with quantum permutation pads.")
    package var usesPermutationPads = false

    @Option(
        name: .customLong("QPPCount"), parsing: .unconditional,
        help: .init("How many pads --QPP uses; at least 7, a prime.", valueName: "count"))
    package var permutationPadCount = 61

    /// The key that everybody knows, spelled as in the original (protocol 08 §D).
    package static let publicKey = "it's a secrect"

    package init() {}
}
