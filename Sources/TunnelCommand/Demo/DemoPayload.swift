import Ciphers
import NIOCore
import PacketPrimitives
import Synchronization

/// A file that cannot be compressed, made up piece by piece out of a seed.
struct DemoPayload: ~Copyable {
    private static let pieceByteCount = 65536
    private let source: SeededRandomSource
    private var remainingByteCount: Int
    private var digest = SHA256()

    init(seed: UInt64, byteCount: Int) {
        self.source = SeededRandomSource(seed: seed)
        self.remainingByteCount = byteCount
    }

    /// The next piece; `nil` at the end.
    mutating func next() -> ByteBuffer? {
        guard self.remainingByteCount > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: min(Self.pieceByteCount, self.remainingByteCount))
        var span = bytes.mutableSpan
        var raw = unsafe span.mutableBytes
        self.source.fill(&raw)
        self.remainingByteCount -= bytes.count
        unsafe self.digest.update(bytes.span.bytes)
        return ByteBuffer(bytes: bytes)
    }

    /// SHA-256 of all pieces that `next` has returned.
    consuming func finish() -> [UInt8] { self.digest.finish() }
}

/// How many bytes of the file that is on its way have arrived. Written at its destination, read by the display.
final class ArrivedBytes: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { self.count.load(ordering: .relaxed) }

    func add(_ byteCount: Int) { self.count.add(byteCount, ordering: .relaxed) }

    /// For the next file.
    func reset() { self.count.store(0, ordering: .relaxed) }
}
