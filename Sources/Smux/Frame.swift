internal import PacketPrimitives

/// Names one stream of a session (protocol 04 §2). Ids are never used twice in a session.
public struct StreamID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: UInt32

    /// The stream with this number.
    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The number.
    public var description: String { String(self.rawValue) }
}

/// The eight bytes in front of every frame (protocol 04 §1):
/// version u8, command u8, payload length u16, stream id u32, little-endian.
public struct Frame: Equatable, Sendable {
    /// What a frame does. The names of the wire: SYN, FIN, PSH, NOP, UPD.
    public enum Command: UInt8, Sendable {
        /// Opens a stream.
        case synchronize = 0
        /// Ends a direction of a stream.
        case finish = 1
        /// Carries payload.
        case push = 2
        /// A sign of life.
        case noOperation = 3
        /// Tells how much was consumed, and the window (version 2).
        case windowUpdate = 4
    }

    /// Length of the header in bytes.
    public static let headerByteCount = 8
    /// Payload of a window update: bytes consumed u32, window u32.
    public static let windowUpdateByteCount = 8
    /// The longest payload that the length field can announce; receivers take all of it (protocol 04 §3).
    public static let maximumPayloadByteCount = 65535

    /// The smux version of the session, 1 or 2.
    public var version: UInt8
    /// The command as it was on the wire, known or not.
    public var commandByte: UInt8
    /// Bytes that follow the header.
    public var payloadByteCount: UInt16
    /// The stream that the frame is about.
    public var stream: StreamID

    /// A header to write. Traps if the payload is longer than `maximumPayloadByteCount`.
    public init(version: UInt8, command: Command, payloadByteCount: Int, stream: StreamID) {
        self.version = version
        self.commandByte = command.rawValue
        self.payloadByteCount = UInt16(payloadByteCount)
        self.stream = stream
    }

    /// The header whose bytes, read as one little-endian number, are `word`.
    public init(word: UInt64) {
        self.version = UInt8(truncatingIfNeeded: word)
        self.commandByte = UInt8(truncatingIfNeeded: word >> 8)
        self.payloadByteCount = UInt16(truncatingIfNeeded: word >> 16)
        self.stream = StreamID(rawValue: UInt32(truncatingIfNeeded: word >> 32))
    }

    /// The header as one little-endian number.
    public var word: UInt64 {
        UInt64(self.version) | UInt64(self.commandByte) << 8 | UInt64(self.payloadByteCount) << 16
            | UInt64(self.stream.rawValue) << 32
    }

    /// `nil` if the protocol knows no such command.
    public var command: Command? { Command(rawValue: self.commandByte) }

    /// Writes the header to the front of `bytes`.
    @_lifetime(bytes: copy bytes)
    public func write(to bytes: inout MutableRawSpan) { bytes.storeLittleEndian(self.word, at: 0) }
}

/// Collects eight bytes, which may arrive in pieces, into one little-endian number.
struct WordAssembler {
    private var word: UInt64 = 0
    private var byteCount = 0

    var isEmpty: Bool { self.byteCount == 0 }

    /// Takes from `bytes`, from `offset` on, what is missing, and moves `offset` behind it.
    /// Returns the word, and starts anew, once it is complete.
    mutating func take(from bytes: RawSpan, at offset: inout Int) -> UInt64? {
        if self.byteCount == 0, bytes.byteCount - offset >= 8 {
            defer { offset += 8 }
            return bytes.littleEndian(at: offset)
        }
        while offset < bytes.byteCount {
            let byte = bytes.littleEndian(at: offset, as: UInt8.self)
            self.word |= UInt64(byte) << UInt64(self.byteCount * 8)
            self.byteCount += 1
            offset += 1
            guard self.byteCount == 8 else { continue }
            defer { self = WordAssembler() }
            return self.word
        }
        return nil
    }
}
