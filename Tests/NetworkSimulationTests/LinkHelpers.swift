import NetworkSimulation
import PacketPrimitives

extension Instant {
    static let start = Instant(milliseconds: 1000)
}

/// A datagram as it arrived.
struct Arrival: Equatable {
    var bytes: [UInt8]
    var tag: Int
    var microseconds: Int
}

extension Link {
    /// Sends `count` datagrams of `byteCount` bytes, `interval` microseconds apart, numbered by tag and first bytes.
    mutating func sendSeries(_ count: Int, byteCount: Int = 100, interval: Int = 1000) {
        for number in 0..<count {
            var bytes = [UInt8](repeating: 0, count: byteCount)
            for index in 0..<min(4, byteCount) { bytes[index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
            self.send(bytes.span.bytes, tag: number, now: .start.advanced(microseconds: number * interval))
        }
    }

    /// Everything that is on its way, with times since the start.
    mutating func drain() -> [Arrival] {
        var arrivals: [Arrival] = []
        while let now = self.nextDelivery {
            self.poll(now: now) { datagram, tag in
                let bytes = datagram.withUnsafeBytes { [UInt8]($0) }
                arrivals.append(Arrival(bytes: bytes, tag: tag, microseconds: now.microseconds(since: .start)))
            }
        }
        return arrivals
    }
}

/// What a series does on a fresh link.
func arrivals(
    _ conditions: LinkConditions, seed: UInt64 = 1, count: Int, byteCount: Int = 100, interval: Int = 1000
) -> [Arrival] {
    var link = Link(conditions: conditions, seed: seed)
    link.sendSeries(count, byteCount: byteCount, interval: interval)
    return link.drain()
}
