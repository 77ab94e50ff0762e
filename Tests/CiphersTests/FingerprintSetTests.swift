import PacketPrimitives
import Testing

@testable import Ciphers

@Suite struct FingerprintSetTests {
    @Test func `each number is taken once`() {
        let random = SeededRandomSource(seed: 1)
        let numbers = (0..<64).map { _ in random.next() }
        var set = FingerprintSet(capacity: 64)
        for number in numbers {
            let wasThere = set.contains(number)
            let isNew = set.insert(number)
            let isThere = set.contains(number)
            let isNewAgain = set.insert(number)
            #expect(!wasThere && isNew && isThere && !isNewAgain)
        }
        let (count, isFull) = (set.count, set.isFull)
        #expect(count == 64 && isFull)
        set.removeAll()
        let isEmpty = numbers.allSatisfy { !set.contains($0) }
        #expect(isEmpty)
    }

    /// All begin their search at the last place, so that it goes on at the first.
    @Test func `numbers that want the same place find others`() {
        var set = FingerprintSet(capacity: 8)
        let numbers = (1...8).map { UInt64.max << 40 | UInt64($0) }
        for number in numbers { _ = set.insert(number) }
        let areThere = numbers.allSatisfy { set.contains($0) }
        let isOtherThere = set.contains(UInt64.max << 40 | 9)
        #expect(areThere && !isOtherThere)
    }

    @Test func `the size in bytes is that of twice as many places`() {
        let byteCount = FingerprintSet(capacity: 16).byteCount
        #expect(byteCount == 256)
    }
}
