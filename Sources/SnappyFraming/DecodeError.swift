/// Why a stream is not (any more) in the snappy framing format.
public enum DecodeError: Error, Equatable, Sendable {
    /// The stream does not begin with the identifier: the two ends differ in `nocomp`, or key or cipher are wrong.
    case missingIdentifier
    /// An identifier chunk with the wrong content.
    case badIdentifier
    /// A chunk type that must not be skipped and is not known.
    case unknownChunk(type: UInt8)
    /// A chunk longer than any encoder makes.
    case chunkTooLong(byteCount: Int)
    /// A data chunk without room for its checksum.
    case chunkTooShort(byteCount: Int)
    /// More than 64 KiB of uncompressed bytes in a chunk.
    case payloadTooLong(byteCount: Int)
    /// A block that cannot be expanded.
    case corruptBlock
    /// The content is not what was compressed.
    case checksumMismatch
    /// The stream ended inside of a chunk.
    case truncated
}

extension DecodeError: CustomStringConvertible {
    /// What happened, for a log.
    public var description: String {
        switch self {
        case .missingIdentifier: "the peer does not send a compressed stream: give both ends the same -nocomp"
        case .badIdentifier: "the compressed stream has a wrong identifier"
        case .unknownChunk(let type): "the compressed stream has an unknown chunk type \(type)"
        case .chunkTooLong(let byteCount): "the compressed stream has a chunk of \(byteCount) bytes"
        case .chunkTooShort(let byteCount): "the compressed stream has a data chunk of only \(byteCount) bytes"
        case .payloadTooLong(let byteCount): "the compressed stream has a chunk with \(byteCount) bytes of content"
        case .corruptBlock: "the compressed stream has a corrupt block"
        case .checksumMismatch: "the compressed stream has a wrong checksum"
        case .truncated: "the compressed stream ends inside of a chunk"
        }
    }
}
