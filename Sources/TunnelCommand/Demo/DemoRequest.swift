import NIOCore

/// What a connection to the demo's target begins with: what the target shall do.
enum DemoRequest: Hashable, Sendable {
    /// Take a file until the end of the input, then answer with its SHA-256.
    case take
    /// Send a file, then its SHA-256.
    case give(seed: UInt64, byteCount: Int)
    /// Send everything back.
    case echo

    /// A code and two numbers.
    static let byteCount = 17

    var bytes: ByteBuffer {
        let fields: (code: UInt8, seed: UInt64, byteCount: Int) =
            switch self {
            case .take: (1, 0, 0)
            case .give(let seed, let byteCount): (2, seed, byteCount)
            case .echo: (3, 0, 0)
            }
        var buffer = ByteBuffer()
        buffer.writeInteger(fields.code)
        buffer.writeInteger(fields.seed)
        buffer.writeInteger(Int64(fields.byteCount))
        return buffer
    }

    /// `nil` if the bytes are no request.
    init?(_ bytes: ByteBuffer) {
        var bytes = bytes
        guard bytes.readableBytes == Self.byteCount, let code = bytes.readInteger(as: UInt8.self),
            let seed = bytes.readInteger(as: UInt64.self), let count = bytes.readInteger(as: Int64.self), count >= 0
        else { return nil }
        switch code {
        case 1: self = .take
        case 2: self = .give(seed: seed, byteCount: Int(count))
        case 3: self = .echo
        default: return nil
        }
    }
}
