/// A megabyte that no compressor shortens. It is repeated: snappy looks back 64 KiB at most.
package struct IncompressibleBytes: Sendable {
    package static let shared = IncompressibleBytes()

    private let bytes: [UInt64]

    private init() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        bytes = (0..<131_072).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    /// Sends until the connection ends.
    package func pour(into socket: StreamSocket) {
        unsafe bytes.withUnsafeBytes { bytes in
            while true {
                for start in stride(from: 0, to: bytes.count, by: 256 << 10) {
                    guard unsafe socket.send(UnsafeRawBufferPointer(rebasing: bytes[start..<start + 256 << 10])) else {
                        return
                    }
                }
            }
        }
    }
}
