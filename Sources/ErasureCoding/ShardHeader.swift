import PacketPrimitives

/// What a packet below the error correction is, by the u16 at offset 4 (protocol 02 §1).
public enum ShardKind: UInt16, Sendable {
    /// A header in front of a KCP packet.
    case data = 0x00F1
    /// Parity of a group of data packets.
    case parity = 0x00F2
    /// A message beside KCP, which kcptun never sends: to be counted and ignored (protocol 02 §7).
    case outOfBand = 0x00F3

    /// `nil` for everything else: a bare KCP packet has its command, 0x51 … 0x54, at that offset (protocol 02 §2).
    public init?(of packet: RawSpan) {
        guard packet.byteCount >= ShardHeader.protectedOffset else { return nil }
        self.init(rawValue: packet.littleEndian(at: 4))
    }
}

/// The header of a data or parity packet, little-endian (protocol 02 §1):
/// u32 sequence number · u16 kind · u16 size, of which size is part of the protected shard.
public struct ShardHeader: Equatable, Sendable {
    /// Bytes in front of the KCP packet in a data packet.
    public static let byteCount = 8
    /// Where the shard, the part that the code protects, begins in a packet: at the size field.
    public static let protectedOffset = 6
    /// Length of the size field, which counts itself.
    static let sizeFieldByteCount = 2

    /// Counts packets, data and parity alike; group and place in the group follow from it (protocol 02 §3).
    public var sequenceNumber: UInt32
    /// What the packet is.
    public var kind: ShardKind

    /// A header to write.
    public init(sequenceNumber: UInt32, kind: ShardKind) {
        self.sequenceNumber = sequenceNumber
        self.kind = kind
    }

    /// `nil` if the packet is no FEC packet or too short for one.
    public init?(of packet: RawSpan) {
        guard packet.byteCount >= Self.byteCount, let kind = ShardKind(of: packet) else { return nil }
        self.init(sequenceNumber: packet.littleEndian(at: 0), kind: kind)
    }

    /// Writes sequence number and kind; the size field belongs to the shard.
    @_lifetime(packet: copy packet)
    public func write(to packet: inout MutableRawSpan) {
        packet.storeLittleEndian(self.sequenceNumber, at: 0)
        packet.storeLittleEndian(self.kind.rawValue, at: 4)
    }
}
