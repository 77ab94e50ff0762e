internal import PacketPrimitives

/// What became of a piece of the stream.
public enum DecodeResult: Equatable, Sendable {
    /// The stream goes on.
    case accepted
    /// The stream is unusable, now or since an earlier call.
    case failed(DecodeError)
}

/// Reads a stream of the snappy framing format and accepts what the original accepts (protocol 05 §1).
///
/// The stream may be cut anywhere. A chunk that lies in one piece of input is decoded from there, a stored one even
/// delivered from there; others are put together first. Memory is owned, grows with the chunks and is used again.
public struct FrameDecoder: ~Copyable {
    private enum Phase {
        /// The header's bytes so far, as a little-endian number.
        case header(partial: UInt32, byteCount: Int)
        /// The body of a chunk that did not come in one piece.
        case gathering(Chunk.Kind, byteCount: Int, gatheredByteCount: Int)
        case skipping(remaining: Int)
    }

    /// Why the stream is unusable; `nil` while it is not.
    public private(set) var failure: DecodeError?
    private var phase = Phase.header(partial: 0, byteCount: 0)
    private var hasSeenIdentifier = false
    private var gathered = ScratchBuffer()
    private var expanded = ScratchBuffer()

    /// A decoder at the beginning of a stream.
    public init() {}

    /// Bytes of memory held.
    package var memoryByteCount: Int { self.expanded.byteCapacity + self.gathered.byteCapacity }

    /// Gives back the memory that is not in use. For sessions that fall idle.
    public mutating func releaseMemory() {
        self.expanded.release()
        if case .gathering = self.phase { return }
        self.gathered.release()
    }

    /// Takes the next bytes of the stream. The content goes to `deliver`, chunk by chunk, good only during the call
    /// and only after its checksum was found right.
    public mutating func handleBytes(_ bytes: RawSpan, deliver: (RawSpan) -> Void) -> DecodeResult {
        var offset = 0
        while offset < bytes.byteCount, self.failure == nil {
            switch self.phase {
            case .header(let partial, let byteCount):
                self.takeHeader(partial: partial, byteCount: byteCount, from: bytes, at: &offset, deliver: deliver)
            case .gathering(let kind, let byteCount, let gatheredByteCount):
                let piece = bytes.extracting(offset..<min(bytes.byteCount, offset + byteCount - gatheredByteCount))
                offset += piece.byteCount
                self.gather(piece, of: kind, byteCount: byteCount, at: gatheredByteCount, deliver: deliver)
            case .skipping(let remaining):
                let byteCount = min(remaining, bytes.byteCount - offset)
                offset += byteCount
                self.phase = byteCount == remaining ? Self.atHeader : .skipping(remaining: remaining - byteCount)
            }
        }
        return self.failure.map(DecodeResult.failed) ?? .accepted
    }

    /// Says that the stream has ended: that is fine between two chunks, and nowhere else.
    public mutating func finish() -> DecodeResult {
        if case .header(_, byteCount: 0) = self.phase {} else { self.failure = self.failure ?? .truncated }
        return self.failure.map(DecodeResult.failed) ?? .accepted
    }

    private static var atHeader: Phase { .header(partial: 0, byteCount: 0) }

    // MARK: Headers

    private mutating func takeHeader(
        partial: UInt32, byteCount: Int, from bytes: RawSpan, at offset: inout Int, deliver: (RawSpan) -> Void
    ) {
        var header = partial
        var byteCount = byteCount
        while byteCount < Chunk.headerByteCount, offset < bytes.byteCount {
            header |= UInt32(bytes.littleEndian(at: offset, as: UInt8.self)) << UInt32(8 * byteCount)
            byteCount += 1
            offset += 1
        }
        guard byteCount == Chunk.headerByteCount else {
            self.phase = .header(partial: header, byteCount: byteCount)
            return
        }
        self.beginChunk(header, in: bytes, at: &offset, deliver: deliver)
    }

    private mutating func beginChunk(
        _ header: UInt32, in bytes: RawSpan, at offset: inout Int, deliver: (RawSpan) -> Void
    ) {
        let kind = Chunk.Kind(byte: UInt8(truncatingIfNeeded: header))
        let byteCount = Int(header >> 8)
        self.failure = self.defect(of: kind, type: UInt8(truncatingIfNeeded: header), byteCount: byteCount)
        guard self.failure == nil else { return }
        self.hasSeenIdentifier = true
        if kind == .skippable {
            self.phase = byteCount == 0 ? Self.atHeader : .skipping(remaining: byteCount)
        } else if byteCount <= bytes.byteCount - offset {
            let body = bytes.extracting(offset..<(offset + byteCount))
            self.phase = Self.atHeader
            self.failure = Self.handleBody(body, of: kind, expanded: &self.expanded, deliver: deliver)
            offset += byteCount
        } else {
            self.gathered.reserve(byteCount)
            self.phase = .gathering(kind, byteCount: byteCount, gatheredByteCount: 0)
        }
    }

    /// What makes a header unacceptable; `nil` if nothing does.
    private func defect(of kind: Chunk.Kind, type: UInt8, byteCount: Int) -> DecodeError? {
        guard self.hasSeenIdentifier || kind == .identifier else { return .missingIdentifier }
        guard byteCount <= Chunk.maximumBodyByteCount else { return .chunkTooLong(byteCount: byteCount) }
        switch kind {
        case .unknown: return .unknownChunk(type: type)
        case .skippable: return nil
        case .identifier: return byteCount == Chunk.identifierBodyByteCount ? nil : .badIdentifier
        case .compressed, .stored: break
        }
        let payloadByteCount = byteCount - Chunk.checksumByteCount
        guard payloadByteCount >= 0 else { return .chunkTooShort(byteCount: byteCount) }
        guard kind == .compressed || payloadByteCount <= Chunk.maximumPayloadByteCount else {
            return .payloadTooLong(byteCount: payloadByteCount)
        }
        return nil
    }

    // MARK: Bodies

    private mutating func gather(
        _ piece: RawSpan, of kind: Chunk.Kind, byteCount: Int, at start: Int, deliver: (RawSpan) -> Void
    ) {
        let end = start + piece.byteCount
        var target = self.gathered.mutableBytes(in: start..<end)
        target.copyBytes(from: piece)
        guard end == byteCount else {
            self.phase = .gathering(kind, byteCount: byteCount, gatheredByteCount: end)
            return
        }
        self.phase = Self.atHeader
        let failure = Self.handleGathered(
            self.gathered, byteCount: byteCount, of: kind, expanded: &self.expanded, deliver: deliver)
        self.failure = failure
    }

    private static func handleGathered(
        _ gathered: borrowing ScratchBuffer, byteCount: Int, of kind: Chunk.Kind, expanded: inout ScratchBuffer,
        deliver: (RawSpan) -> Void
    ) -> DecodeError? {
        self.handleBody(gathered.bytes(in: 0..<byteCount), of: kind, expanded: &expanded, deliver: deliver)
    }

    private static func handleBody(
        _ body: RawSpan, of kind: Chunk.Kind, expanded: inout ScratchBuffer, deliver: (RawSpan) -> Void
    ) -> DecodeError? {
        guard kind != .identifier else { return self.isIdentifier(body) ? nil : .badIdentifier }
        let checksum = body.littleEndian(at: 0, as: UInt32.self)
        let content = body.extracting(Chunk.checksumByteCount..<body.byteCount)
        guard kind == .compressed else { return self.check(content, against: checksum, deliver: deliver) }
        guard let byteCount = BlockDecoder.uncompressedByteCount(of: content) else { return .corruptBlock }
        guard byteCount <= Chunk.maximumPayloadByteCount else { return .payloadTooLong(byteCount: byteCount) }
        expanded.reserve(max(byteCount, 1))
        var target = expanded.mutableBytes(in: 0..<byteCount)
        guard BlockDecoder.expand(content, into: &target) else { return .corruptBlock }
        return self.check(expanded.bytes(in: 0..<byteCount), against: checksum, deliver: deliver)
    }

    private static func isIdentifier(_ body: RawSpan) -> Bool {
        let low = UInt64(body.littleEndian(at: 0, as: UInt32.self))
        return low | UInt64(body.littleEndian(at: 4, as: UInt16.self)) << 32 == Chunk.identifierBody
    }

    private static func check(
        _ payload: RawSpan, against checksum: UInt32, deliver: (RawSpan) -> Void
    ) -> DecodeError? {
        guard CRC32C.maskedChecksum(of: payload) == checksum else { return .checksumMismatch }
        if payload.byteCount > 0 { deliver(payload) }
        return nil
    }
}
