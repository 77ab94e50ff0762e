/// What the snappy framing format fixes (protocol 05 §1).
enum Chunk {
    /// Type u8 and length of the body u24, little-endian.
    static let headerByteCount = 4
    /// The masked CRC-32C of the uncompressed bytes, at the start of the body of a data chunk.
    static let checksumByteCount = 4
    /// How many uncompressed bytes a chunk holds at most.
    static let maximumPayloadByteCount = 65536
    /// The longest body, of whatever type, that the original accepts.
    static let maximumBodyByteCount = 76494
    /// The identifier chunk in front of every stream, `FF 06 00 00 "sNaPpY"`, as two little-endian numbers.
    static let identifierHeader: UInt32 = 0x0000_06FF
    static let identifierBody: UInt64 = 0x5970_5061_4E73
    static let identifierBodyByteCount = 6

    enum Kind: Equatable {
        case compressed, stored, identifier, skippable, unknown

        init(byte: UInt8) {
            switch byte {
            case 0x00: self = .compressed
            case 0x01: self = .stored
            case 0xFF: self = .identifier
            case 0x80...0xFE: self = .skippable
            default: self = .unknown
            }
        }
    }
}
