import PacketPrimitives
import Testing

@testable import NetworkSimulation

@Suite struct DeliveryQueueTests {
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `datagrams leave by time of arrival and then by order of entry`(seed: UInt64) {
        var random = SeededRandomSource(seed: seed)
        var queue = DeliveryQueue()
        var waiting: [(time: UInt64, tag: Int)] = []
        for tag in 0..<3000 {
            let time = UInt64.random(in: 0...500, using: &random)
            let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: tag), count: tag % 50)
            queue.insert(bytes.span.bytes, .init(tag: tag), arrival: Instant(microseconds: time)) { _ in }
            waiting.append((time, tag))
            guard Bool.random(using: &random) else { continue }
            let first = waiting.min { ($0.time, $0.tag) < ($1.time, $1.tag) }!
            let taken = queue.removeFirst(now: Instant(microseconds: 500)) { datagram, parcel in
                let bytes = datagram.withUnsafeBytes { [UInt8]($0) }
                let expected = [UInt8](repeating: UInt8(truncatingIfNeeded: first.tag), count: first.tag % 50)
                return parcel.tag == first.tag && bytes == expected
            }
            #expect(taken == true, "seed \(seed)")
            waiting.removeAll { $0.tag == first.tag }
            #expect(queue.nextArrival?.microseconds == waiting.map(\.time).min())
        }
        #expect(queue.count == waiting.count)
    }

    @Test func `an empty queue gives nothing`() {
        var queue = DeliveryQueue()
        #expect(queue.nextArrival == nil)
        let taken = queue.removeFirst(now: .start) { _, parcel in parcel.tag }
        #expect(taken == nil)
    }
}
