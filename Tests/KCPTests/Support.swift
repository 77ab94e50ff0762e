import KCP
import PacketPrimitives

extension [UInt8] {
    init(_ bytes: RawSpan) {
        self = bytes.withUnsafeBytes { [UInt8]($0) }
    }
}

extension Conversation {
    /// All packets that are due, polled a few at a time.
    mutating func drainPackets(_ slab: inout PacketSlab, limit: Int = .max, now: Instant) -> [[UInt8]] {
        var packets: [[UInt8]] = []
        while true {
            slab.removeAll()
            let count = self.pollPackets(into: &slab, limit: limit, now: now)
            precondition(count == slab.count, "the count is that of the new entries")
            if count == 0 { return packets }
            for index in 0..<count { packets.append([UInt8](slab.bytes(at: index))) }
        }
    }

    mutating func drainPackets(limit: Int = .max, now: Instant) -> [[UInt8]] {
        var slab = PacketSlab(slotCount: 16)
        return self.drainPackets(&slab, limit: limit, now: now)
    }

    mutating func write(_ bytes: [UInt8]) { self.write(bytes.span.bytes) }

    /// Takes a packet; payload in order is added to `received`.
    @discardableResult
    mutating func handlePacket(
        _ bytes: [UInt8], isRecovered: Bool = false, now: Instant, received: inout [UInt8]
    ) -> Disposition {
        self.handlePacket(bytes.span.bytes, isRecovered: isRecovered, now: now) { payload in
            received += [UInt8](payload)
            return true
        }
    }

    /// Takes a packet; its payload is held.
    @discardableResult
    mutating func holdPacket(_ bytes: [UInt8], isRecovered: Bool = false, now: Instant) -> Disposition {
        self.handlePacket(bytes.span.bytes, isRecovered: isRecovered, now: now) { _ in false }
    }

    /// Takes up to `limit` segments out of the ready queue.
    mutating func readSegments(limit: Int = .max, now: Instant) -> [[UInt8]] {
        var segments: [[UInt8]] = []
        self.read(now: now) { bytes in
            guard segments.count < limit else { return false }
            segments.append([UInt8](bytes))
            return true
        }
        return segments
    }
}

/// A segment as the tests write and read it.
struct Segment: Equatable {
    var header: SegmentHeader
    var payload: [UInt8]

    init(
        _ command: Command, conversation: UInt32 = 7, window: UInt16 = 32, time: UInt32 = 0, number: UInt32 = 0,
        expected: UInt32 = 0, payload: [UInt8] = []
    ) {
        self.header = SegmentHeader(
            conversation: conversation, command: command, window: window, time: time, number: number,
            expected: expected, payloadByteCount: payload.count)
        self.payload = payload
    }

    var bytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: SegmentHeader.byteCount)
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        self.header.write(to: &raw, at: 0)
        return bytes + self.payload
    }

    /// The segments of a well-formed packet.
    static func all(in packet: [UInt8]) -> [Segment] {
        var segments: [Segment] = []
        var rest = packet[...]
        while rest.count >= SegmentHeader.byteCount {
            let bytes = [UInt8](rest)
            guard let header = SegmentHeader(bytes.span.bytes) else { break }
            var segment = Segment(.push)
            segment.header = header
            rest = rest.dropFirst(SegmentHeader.byteCount)
            segment.payload = [UInt8](rest.prefix(Int(header.payloadByteCount)))
            rest = rest.dropFirst(Int(header.payloadByteCount))
            segments.append(segment)
        }
        return segments
    }

    static func all(in packets: [[UInt8]]) -> [Segment] { packets.flatMap { self.all(in: $0) } }

    var command: Command? { Command(rawValue: self.header.command) }
}

extension SeededRandomSource {
    func number(in range: ClosedRange<Int>) -> Int { range.lowerBound + Int(self.next() % UInt64(range.count)) }

    func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count { withUnsafeBytes(of: self.next()) { bytes.append(contentsOf: $0) } }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    func chance(_ probability: Double) -> Bool { self.nextUnit() < probability }
}
