import KCP
import Testing

@Suite struct StatisticsTests {
    @Test func `sums and differences go counter by counter`() {
        var first = Statistics()
        first.sentPackets = 3
        first.timeouts = 1
        var sum = first
        sum += first
        #expect(sum.sentPackets == 6 && sum.timeouts == 2 && sum.receivedPackets == 0)
        #expect(sum - first == first)
    }

    @Test func `no counter is forgotten`() {
        let counterCount = MemoryLayout<Statistics>.size / MemoryLayout<UInt64>.size
        var ones = Statistics()
        withUnsafeMutableBytes(of: &ones) { bytes in
            for index in 0..<counterCount { bytes.storeBytes(of: 1, toByteOffset: index * 8, as: UInt64.self) }
        }
        #expect(ones - ones == Statistics())
        var sum = Statistics()
        sum += ones
        #expect(sum == ones)
    }
}
