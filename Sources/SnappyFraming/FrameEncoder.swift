internal import PacketPrimitives

/// Turns writes into a stream of the snappy framing format (protocol 05 §1).
///
/// Each call is flushed: its bytes become one chunk, or several of 64 KiB, and none waits for a later call. A chunk
/// is compressed only if that saves an eighth. Memory is owned, grows with the longest write and is used again.
public struct FrameEncoder: ~Copyable {
    private static let headByteCount = Chunk.headerByteCount + Chunk.checksumByteCount
    private static let identifierByteCount = Chunk.headerByteCount + Chunk.identifierBodyByteCount

    private var gate = CompressionGate()
    private var hasSentIdentifier = false
    /// Room for the identifier, then the head of a chunk, then its compressed block.
    private var buffer = ScratchBuffer()

    /// An encoder at the beginning of a stream.
    public init() {}

    /// Bytes of memory held.
    package var memoryByteCount: Int { self.buffer.byteCapacity }

    /// Gives back all memory; the next call takes what it needs. For sessions that fall idle.
    public mutating func releaseMemory() { self.buffer.release() }

    /// Encodes `bytes` and hands the result to `write`, in order, in one piece or several, which are good only
    /// during the call. Stored payload is handed on as it came, without a copy. Nothing comes of no bytes.
    public mutating func encode(_ bytes: RawSpan, write: (RawSpan) -> Void) {
        var offset = 0
        while offset < bytes.byteCount {
            let end = min(bytes.byteCount, offset + Chunk.maximumPayloadByteCount)
            self.encodeChunk(bytes.extracting(offset..<end), write: write)
            offset = end
        }
    }

    private mutating func encodeChunk(_ payload: RawSpan, write: (RawSpan) -> Void) {
        self.buffer.reserve(Self.identifierByteCount + Self.headByteCount)
        let start = self.hasSentIdentifier ? Self.identifierByteCount : self.writeIdentifier()
        let compressedByteCount = self.compress(payload)
        self.writeHead(
            kindByte: compressedByteCount == nil ? 0x01 : 0x00,
            bodyByteCount: Chunk.checksumByteCount + (compressedByteCount ?? payload.byteCount),
            checksum: CRC32C.maskedChecksum(of: payload))
        let end = Self.identifierByteCount + Self.headByteCount + (compressedByteCount ?? 0)
        write(self.buffer.bytes(in: start..<end))
        if compressedByteCount == nil { write(payload) }
    }

    /// Puts the identifier in front of the first chunk; returns where it starts in the buffer.
    private mutating func writeIdentifier() -> Int {
        self.hasSentIdentifier = true
        var bytes = self.buffer.mutableBytes(in: 0..<Self.identifierByteCount)
        bytes.storeLittleEndian(Chunk.identifierHeader, at: 0)
        bytes.storeLittleEndian(UInt32(truncatingIfNeeded: Chunk.identifierBody), at: 4)
        bytes.storeLittleEndian(UInt16(truncatingIfNeeded: Chunk.identifierBody >> 32), at: 8)
        return 0
    }

    private mutating func writeHead(kindByte: UInt8, bodyByteCount: Int, checksum: UInt32) {
        let start = Self.identifierByteCount
        var bytes = self.buffer.mutableBytes(in: start..<(start + Self.headByteCount))
        bytes.storeLittleEndian(UInt32(kindByte) | UInt32(bodyByteCount) << 8, at: 0)
        bytes.storeLittleEndian(checksum, at: Chunk.headerByteCount)
    }

    /// Compresses the payload behind the place of the chunk's head; `nil` if it was not tried or does not pay.
    private mutating func compress(_ payload: RawSpan) -> Int? {
        let verdict = self.gate.verdict(byteCount: payload.byteCount)
        guard verdict != .skip else { return nil }
        if verdict == .attemptIfSampleShrinks, !self.sampleShrinks(payload) {
            self.gate.noteMiss()
            return nil
        }
        guard let byteCount = self.attempt(payload) else {
            self.gate.noteMiss()
            return nil
        }
        self.gate.noteHit()
        return byteCount
    }

    private mutating func sampleShrinks(_ payload: RawSpan) -> Bool {
        let start = (payload.byteCount - CompressionGate.sampleByteCount) / 2
        return self.attempt(payload.extracting(start..<(start + CompressionGate.sampleByteCount))) != nil
    }

    private mutating func attempt(_ payload: RawSpan) -> Int? {
        let start = Self.identifierByteCount + Self.headByteCount
        let end = start + BlockEncoder.maximumByteCount(for: payload.byteCount)
        self.buffer.reserve(end, keeping: start)
        var block = self.buffer.mutableBytes(in: start..<end)
        let byteCount = BlockEncoder.compress(payload, into: &block)
        return CompressionGate.pays(compressedByteCount: byteCount, byteCount: payload.byteCount) ? byteCount : nil
    }
}
