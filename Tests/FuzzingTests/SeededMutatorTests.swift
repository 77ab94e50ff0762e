import FuzzSupport
import Testing

@Suite struct SeededMutatorTests {
    private static func inputs(seed: UInt64) -> [[UInt8]] {
        let mutator = SeededMutator(
            seed: seed, corpus: [[1, 2, 3], Array("some text".utf8)], dictionary: ["word"], maximumByteCount: 12)
        return (0..<500).map { _ in mutator.next() }
    }

    @Test func `a seed makes the same inputs each time`() {
        #expect(Self.inputs(seed: 1) == Self.inputs(seed: 1))
        #expect(Self.inputs(seed: 1) != Self.inputs(seed: 2))
    }

    @Test func `inputs differ, and keep to the longest length`() {
        let inputs = Self.inputs(seed: 3)
        #expect(Set(inputs).count > 400)
        #expect(inputs.allSatisfy { $0.count <= 12 })
        #expect(inputs.contains { String(decoding: $0, as: UTF8.self).contains("word") })
    }
}
