import PacketPrimitives

/// Payload that does not shrink, made once.
final class IncompressibleMaterial {
    private let bytes: [UInt8]
    private var position = 0

    init() {
        let random = SeededRandomSource(seed: 7)
        self.bytes = (0..<1 << 20).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    /// Copies the next bytes, as an application's read buffer is copied into a frame.
    func fill(_ payload: inout MutableRawSpan) {
        if self.position + payload.byteCount > self.bytes.count { self.position = 0 }
        let bytes = self.bytes
        let source = unsafe bytes.span.bytes
        payload.copyBytes(from: source.extracting(self.position..<self.position + payload.byteCount), at: 0)
        self.position += payload.byteCount
    }
}
