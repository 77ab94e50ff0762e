import PacketPrimitives

/// What a segment is for (protocol 03 §1).
public enum Command: UInt8, Sendable {
    /// Carries stream bytes.
    case push = 81
    /// Acknowledges the segment `number`.
    case acknowledge = 82
    /// Asks for the window.
    case askWindow = 83
    /// Tells the window.
    case tellWindow = 84
}

/// The 24 bytes in front of every segment, little-endian (protocol 03 §1).
public struct SegmentHeader: Hashable, Sendable {
    /// Bytes on the wire.
    public static let byteCount = 24

    /// The conversation's id, equal on both sides.
    public var conversation: UInt32
    /// The command byte as it came; `Command(rawValue:)` tells whether it is a known one.
    public var command: UInt8
    /// Fragments that follow. Always 0: the tunnel uses stream mode only.
    public var fragment: UInt8
    /// The sender's free receive window, segments.
    public var window: UInt16
    /// PUSH: when it was sent, milliseconds, or from a sender with a path controller the tag of the transmission. ACK:
    /// the same, echoed.
    public var time: UInt32
    /// The sequence number.
    public var number: UInt32
    /// What its sender expects next; everything before has arrived (`una`).
    public var expected: UInt32
    /// Payload bytes behind the header.
    public var payloadByteCount: UInt32

    /// A header of our own.
    public init(
        conversation: UInt32, command: Command, window: UInt16, time: UInt32, number: UInt32, expected: UInt32,
        payloadByteCount: Int = 0
    ) {
        self.conversation = conversation
        self.command = command.rawValue
        self.fragment = 0
        self.window = window
        self.time = time
        self.number = number
        self.expected = expected
        self.payloadByteCount = UInt32(truncatingIfNeeded: payloadByteCount)
    }

    /// The first segment's header; `nil` if the packet is too short for one. Nothing else is checked.
    public init?(_ packet: RawSpan) { self.init(packet, at: 0) }

    /// The header at `offset`; `nil` if fewer than 24 bytes are left.
    @inline(__always)
    init?(_ packet: RawSpan, at offset: Int) {
        guard packet.byteCount &- offset >= Self.byteCount else { return nil }
        let first = packet.littleEndian(at: offset, as: UInt64.self)
        let second = packet.littleEndian(at: offset &+ 8, as: UInt64.self)
        let third = packet.littleEndian(at: offset &+ 16, as: UInt64.self)
        self.conversation = UInt32(truncatingIfNeeded: first)
        self.command = UInt8(truncatingIfNeeded: first >> 32)
        self.fragment = UInt8(truncatingIfNeeded: first >> 40)
        self.window = UInt16(truncatingIfNeeded: first >> 48)
        self.time = UInt32(truncatingIfNeeded: second)
        self.number = UInt32(truncatingIfNeeded: second >> 32)
        self.expected = UInt32(truncatingIfNeeded: third)
        self.payloadByteCount = UInt32(truncatingIfNeeded: third >> 32)
    }

    /// Writes the header at `offset`. Traps if it does not fit.
    @inline(__always)
    public func write(to packet: inout MutableRawSpan, at offset: Int) {
        let kind = UInt64(self.command) | UInt64(self.fragment) << 8 | UInt64(self.window) << 16
        packet.storeLittleEndian(UInt64(self.conversation) | kind << 32, at: offset)
        packet.storeLittleEndian(UInt64(self.time) | UInt64(self.number) << 32, at: offset &+ 8)
        packet.storeLittleEndian(UInt64(self.expected) | UInt64(self.payloadByteCount) << 32, at: offset &+ 16)
    }
}

// Sequence numbers and times wrap modulo 2³² and are compared by their signed difference (protocol 03 §1).
extension UInt32 {
    /// How far this number lies behind `origin` on the circle; negative if before it.
    @inline(__always)
    func distance(after origin: UInt32) -> Int { Int(Int32(truncatingIfNeeded: self &- origin)) }

    /// Whether this number or time lies before `other` on the circle.
    @inline(__always)
    func isBefore(_ other: UInt32) -> Bool { self.distance(after: other) < 0 }
}
