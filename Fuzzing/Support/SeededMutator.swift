import PacketPrimitives

/// Changes inputs by chance, the same way for the same seed: what `make test` has in place of a fuzzer.
package struct SeededMutator {
    private let random: SeededRandomSource
    private let corpus: [[UInt8]]
    private let words: [[UInt8]]
    private let limit: Int

    /// - Parameter corpus: what the inputs are made of.
    package init(seed: UInt64, corpus: [[UInt8]], dictionary: [String], maximumByteCount: Int) {
        self.random = SeededRandomSource(seed: seed)
        self.corpus = corpus.isEmpty ? [[]] : corpus
        self.words = dictionary.map { Array($0.utf8) }
        self.limit = maximumByteCount
    }

    /// The next input: one of the corpus with up to eight changes.
    package func next() -> [UInt8] {
        var bytes = self.corpus[self.number(below: self.corpus.count)]
        for _ in 0...self.number(below: 8) { self.change(&bytes) }
        return Array(bytes.prefix(self.limit))
    }

    private func number(below limit: Int) -> Int { Int(self.random.next() % UInt64(max(limit, 1))) }

    private var anyByte: UInt8 { UInt8(truncatingIfNeeded: self.random.next()) }

    /// A part of the bytes, most of them short.
    private func range(in bytes: [UInt8]) -> Range<Int> {
        let start = self.number(below: bytes.count + 1)
        return start..<min(bytes.count, start + 1 + self.number(below: self.number(below: 4) == 0 ? 256 : 8))
    }

    private func change(_ bytes: inout [UInt8]) {
        switch self.number(below: 8) {
        case 0 where !bytes.isEmpty: bytes[self.number(below: bytes.count)] ^= 1 << UInt8(self.number(below: 8))
        case 1 where !bytes.isEmpty: bytes[self.number(below: bytes.count)] = self.anyByte
        case 2 where !bytes.isEmpty:
            bytes[self.number(below: bytes.count)] = [0, 1, 0x7F, 0x80, 0xFF][self.number(below: 5)]
        case 3: bytes.removeSubrange(self.range(in: bytes))
        case 4:
            let copy = Array(bytes[self.range(in: bytes)])
            bytes.insert(contentsOf: copy, at: self.number(below: bytes.count + 1))
        case 5 where !self.words.isEmpty:
            bytes.insert(
                contentsOf: self.words[self.number(below: self.words.count)], at: self.number(below: bytes.count + 1))
        case 6:
            let other = self.corpus[self.number(below: self.corpus.count)]
            bytes.replaceSubrange(self.range(in: bytes), with: other[self.range(in: other)])
        default:
            bytes.insert(
                contentsOf: (0...self.number(below: 8)).map { _ in self.anyByte },
                at: self.number(below: bytes.count + 1))
        }
    }
}
