/// The permutations of "QPP", an extra keyed substitution of the stream payload (protocol 05 §2). Shared by all
/// streams and loops; 512 bytes per pad.
package final class PermutationPads: Sendable {
    /// Number of pads, 1 … 65535.
    package let count: Int
    /// For each pad 256 bytes: what each byte becomes.
    let substitutions: [UInt8]
    /// The same the other way round.
    let inverses: [UInt8]
    /// Every stream starts both its directions from here (protocol 05 §2.4).
    let selector: SelectorGenerator

    /// `key` is the operator's key string itself. The wire takes the count modulo 65536.
    package init(key: String, count: Int) throws(PadCountError) {
        let effectiveCount = count & 0xFFFF
        guard count > 0, effectiveCount > 0 else { throw PadCountError(count: count) }
        let seed = Array(key.utf8)
        self.count = effectiveCount
        self.substitutions = PermutationPadGenerator(seed: seed).makePads(count: effectiveCount)
        self.inverses = Self.inverses(of: self.substitutions)
        self.selector = SelectorGenerator(seed: seed)
    }

    private static func inverses(of substitutions: [UInt8]) -> [UInt8] {
        var inverses = [UInt8](repeating: 0, count: substitutions.count)
        for (index, substitute) in substitutions.enumerated() {
            inverses[index & ~0xFF | Int(substitute)] = UInt8(truncatingIfNeeded: index)
        }
        return inverses
    }
}

/// The operator asked for a number of pads that cannot be.
package struct PadCountError: Error, Equatable, CustomStringConvertible {
    package var count: Int

    package var description: String {
        self.count <= 0
            ? "the number of QPP pads must be greater than 0, not \(self.count)"
            : "\(self.count) QPP pads are none, as the count is taken modulo 65536: choose 1 to 65535"
    }
}
