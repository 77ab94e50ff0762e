import PacketPrimitives
import Testing

@testable import Ciphers

@Suite struct FingerprintTableTests {
    @Test func `what was put in is there, and nothing else`() {
        let random = SeededRandomSource(seed: 1)
        let numbers = (0..<128).map { _ in random.next() }
        var table = FingerprintTable(capacity: 1024)
        for number in numbers.prefix(64) {
            let wasThere = table.contains(number)
            let isNew = table.insert(number)
            let isThere = table.contains(number)
            let isNewAgain = table.insert(number)
            #expect(!wasThere && isNew && isThere && !isNewAgain)
        }
        let areThere = numbers.map { table.contains($0) }
        #expect(areThere == (0..<128).map { $0 < 64 })
    }

    @Test func `a bucket keeps its last eight`() {
        var table = FingerprintTable(capacity: 64)
        let numbers = (1...10).map { UInt64($0) }
        for number in numbers { _ = table.insert(number) }
        let areThere = numbers.map { table.contains($0) }
        #expect(areThere == [false, false] + [Bool](repeating: true, count: 8))
    }

    @Test func `a table twice as large has the same content, and the same order in its buckets`() {
        var small = FingerprintTable(capacity: 8)
        for number in UInt64(1)...8 { _ = small.insert(number) }
        var large = FingerprintTable(doubling: small)
        _ = large.insert(9)
        let areThere = (UInt64(1)...9).map { large.contains($0) }
        #expect(areThere == [false] + [Bool](repeating: true, count: 8))
        let sizes = (small.byteCount, large.byteCount)
        #expect(sizes == (64, 128))
    }

    @Test func `of the last quarter nearly all are there`() {
        let random = SeededRandomSource(seed: 2)
        var table = FingerprintTable(capacity: 4096)
        let numbers = (0..<40_000).map { _ in random.next() }
        for number in numbers { _ = table.insert(number) }
        let count = numbers.suffix(1024).count { table.contains($0) }
        #expect(count >= 1019)
    }
}
