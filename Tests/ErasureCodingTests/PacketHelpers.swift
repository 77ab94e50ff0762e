import ErasureCoding
import PacketPrimitives
import Testing

/// Runs the packets through the encoder in one burst and returns what leaves, in order.
func protect(_ packets: [[UInt8]], with encoder: inout ParityEncoder, now: Instant) -> [[UInt8]] {
    var slab = PacketSlab(slotCount: packets.count * (1 + encoder.parityShards) + encoder.parityShards)
    for packet in packets { slab.append(packet) }
    encoder.protect(&slab, from: 0, now: now)
    return slab.datagrams
}

/// Gives the packets to the decoder and returns what it rebuilt.
func decode(_ packets: [[UInt8]], with decoder: inout ParityDecoder) -> [[UInt8]] {
    var recovered: [[UInt8]] = []
    for packet in packets {
        decoder.handlePacket(packet.span.bytes) { recovered.append($0.array) }
    }
    return recovered
}

extension PacketSlab {
    mutating func append(_ packet: [UInt8]) {
        self.takeSlot(byteCount: packet.count)
        var bytes = self.mutableBytes(at: self.count - 1)
        bytes.copyBytes(from: packet.span.bytes)
    }

    var datagrams: [[UInt8]] { (0..<self.count).map { self.bytes(at: $0).array } }
}

extension RawSpan {
    var array: [UInt8] { self.withUnsafeBytes { [UInt8]($0) } }
}

extension SeededRandomSource {
    func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: self.next() as UInt64) } }

    func integer(in range: ClosedRange<Int>) -> Int {
        var source = self
        return Int.random(in: range, using: &source)
    }

    /// As a bad link delivers: a tenth is lost, a twentieth comes twice, and neighbours change places.
    func scrambled(_ packets: [[UInt8]]) -> [[UInt8]] {
        packets.enumerated().flatMap { index, packet in
            let draw = self.integer(in: 1...100)
            let copies = draw <= 10 ? 0 : draw <= 15 ? 2 : 1
            return (0..<copies).map { _ in (place: index + self.integer(in: 0...8), packet) }
        }
        .sorted { $0.place < $1.place }.map(\.1)
    }

    func packets(_ count: Int, byteCounts: ClosedRange<Int>) -> [[UInt8]] {
        (0..<count).map { _ in self.bytes(self.integer(in: byteCounts)) }
    }
}

/// A (data, parity) pair for arguments.
struct Ratio: CustomTestStringConvertible, Sendable {
    var data: Int
    var parity: Int

    init(_ data: Int, _ parity: Int) {
        self.data = data
        self.parity = parity
    }

    var testDescription: String { "\(self.data)+\(self.parity)" }

    /// So many complete groups show a decoder that expects these counts that they are right: 14 packets.
    var leadingGroupCount: Int { (13 + self.data + self.parity) / (self.data + self.parity) }

    static let samples = [
        Ratio(1, 1), Ratio(1, 3), Ratio(2, 1), Ratio(3, 2), Ratio(5, 5), Ratio(10, 3), Ratio(10, 1), Ratio(20, 10),
        Ratio(2, 9), Ratio(70, 30), Ratio(128, 2), Ratio(200, 56),
    ]
}

extension [UInt8] {
    var shardKind: ShardKind? { ShardKind(of: self.span.bytes) }
    var shardHeader: ShardHeader? { ShardHeader(of: self.span.bytes) }
}
