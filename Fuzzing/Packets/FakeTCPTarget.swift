import FakeTCP
import FuzzSupport
import PacketPrimitives

/// Segments as a raw socket delivers them. A header that was written is read again as it was, its checksum is right, and
/// the table of flows does not grow without limit.
final class FakeTCPTarget: FuzzTarget {
    static let name = "fake-tcp"
    static let maximumByteCount = 512

    static func seeds() throws -> [[UInt8]] {
        let timestamps: [UInt8] = [0x01, 0x01, 0x08, 0x0A, 0, 0, 0, 7, 0, 0, 0, 9]
        let header: [UInt8] = [0x75, 0x2C, 0x10, 0x01, 0, 0, 0, 1, 0, 0, 0, 2, 0x80, 0x18, 0xFF, 0xFF, 0, 0, 0, 0]
        let ip: [UInt8] = [0x45, 0, 0, 60, 0, 0, 0x40, 0, 0x40, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        return [
            [0] + ip + header + timestamps + [1, 2, 3], [1] + header + timestamps + [4, 5],
            [2] + [UInt8](repeating: 9, count: 40),
        ]
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        switch input.byte() % 3 {
        case 0:
            let packet = input.rest()
            let start = IPv4Header(packet.span.bytes)?.byteCount
            if let start { try Self.read(Array(packet[start...])) }
        case 1: try Self.read(input.rest())
        default: try Self.fillTable(&input)
        }
    }

    private static func read(_ segment: [UInt8]) throws(BrokenPromise) {
        guard let header = SegmentHeader(segment.span.bytes) else { return }
        try promise(
            header.byteCount >= 20 && header.byteCount <= segment.count, "the header is longer than the segment")
        let payload = Array(segment[header.byteCount...])
        let own = SegmentHeader(
            sourcePort: header.sourcePort, destinationPort: header.destinationPort, sequence: header.sequence,
            acknowledgement: header.acknowledgement, flags: header.flags, timestamps: header.timestamps)
        let pseudoHeader = PseudoHeader(.ipv4(header.sequence, port: 1), .ipv4(header.acknowledgement, port: 2))
        var bytes = [UInt8](repeating: 0xEE, count: own.byteCount)
        var span = bytes.mutableSpan
        var target = span.mutableBytes
        own.write(to: &target, payload: payload.span.bytes, pseudoHeader)
        try promise(SegmentHeader(bytes.span.bytes) == own, "a header is not read as it was written")
        try promise(pseudoHeader.isValid((bytes + payload).span.bytes), "the checksum of our own segment is wrong")
    }

    private static func fillTable(_ input: inout FuzzInput) throws(BrokenPromise) {
        var table = FlowTable()
        var now = Instant(milliseconds: 1)
        var answeredCount = 0
        while !input.isEmpty {
            let operation = input.byte()
            let peer = PeerAddress.ipv4(UInt32(input.byte()), port: UInt16(operation >> 4))
            now = now.advanced(milliseconds: Int(operation & 3) * 2500)
            let header = SegmentHeader(
                sourcePort: 1, destinationPort: 2, sequence: input.word(), acknowledgement: input.word(),
                flags: SegmentFlags(rawValue: input.byte()))
            table.handleSegment(header, payloadByteCount: Int(operation), from: peer, now: now)
            guard operation & 4 != 0 else { continue }
            answeredCount += 1
            try promise(table.flow(answering: peer, now: now) != nil, "who was heard just now is not known")
            table.advance(peer, by: 100)
        }
        try promise(table.count <= answeredCount + 1024, "the table has grown beyond its limit")
    }
}
