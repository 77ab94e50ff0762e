import NIOCore

/// What has come for a connection and waits for the end of the burst, in pieces of limited size: the C library would get
/// larger ones from the system each time and give them back, which costs more than to copy the bytes.
struct ReceivedBytes {
    /// Pieces that have no more room.
    private(set) var full: [ByteBuffer] = []
    private(set) var last = ByteBuffer()
    private(set) var byteCount = 0
    private var lastBurstByteCount = 0

    private static let largestPiece = 256 * 1024

    var isEmpty: Bool { self.byteCount == 0 }

    mutating func append(_ bytes: RawSpan) {
        if self.last.writableBytes < bytes.byteCount { self.makeRoom(for: bytes.byteCount) }
        self.last.writeBytes(bytes)
        self.byteCount += bytes.byteCount
    }

    /// A piece that is not full grows; the first one begins as large as the burst before was.
    private mutating func makeRoom(for byteCount: Int) {
        guard self.last.capacity == 0 || self.last.readableBytes + byteCount > Self.largestPiece else { return }
        let expected = self.full.isEmpty ? self.lastBurstByteCount : Self.largestPiece
        if self.last.readableBytes > 0 { self.full.append(self.last) }
        self.last = ByteBufferAllocator().buffer(capacity: max(min(expected, Self.largestPiece), byteCount))
    }

    /// Hands all of it over.
    mutating func takeBurst() -> ReceivedBytes {
        var burst = ReceivedBytes()
        swap(&burst, &self)
        self.lastBurstByteCount = burst.byteCount
        return burst
    }
}
