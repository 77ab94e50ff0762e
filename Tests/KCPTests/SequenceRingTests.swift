import Testing

@testable import KCP

@Suite struct SequenceRingTests {
    private struct Value: RingRecord { var number = -1 }

    @Test(arguments: [0, 7, UInt32.max - 5])
    func `growing and shrinking keep the live records`(first: UInt32) {
        var ring = SequenceRing<Value>(capacity: 16)
        for offset in 0..<UInt32(16) { ring[first &+ offset].number = Int(offset) }
        ring.reserve(17, from: first, liveCount: 16)
        #expect(ring.capacity == 32)
        #expect((0..<UInt32(16)).map { ring[first &+ $0].number } == Array(0..<16))
        #expect((16..<UInt32(32)).map { ring[first &+ $0].number } == Array(repeating: -1, count: 16))
        ring.resize(to: 3, from: first &+ 10, liveCount: 3)
        #expect(ring.capacity == 16)
        #expect((10..<UInt32(13)).map { ring[first &+ $0].number } == [10, 11, 12])
    }

    @Test func `enough room is left as it is`() {
        var ring = SequenceRing<Value>(capacity: 16)
        ring.reserve(16, from: 0, liveCount: 16)
        #expect(ring.capacity == 16)
    }
}
