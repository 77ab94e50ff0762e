import PacketPrimitives

/// The header of a TCP segment (RFC 9293 §3.1), as far as a disguise needs it.
package struct SegmentHeader: Hashable, Sendable {
    /// The option that times round trips (RFC 7323 §3), milliseconds of each end's clock.
    package struct Timestamps: Hashable, Sendable {
        package var value: UInt32
        /// The peer's latest `value`.
        package var echo: UInt32

        package init(value: UInt32, echo: UInt32) {
            self.value = value
            self.echo = echo
        }
    }

    package var sourcePort: UInt16
    package var destinationPort: UInt16
    /// The position of the first payload byte in what the sender sends.
    package var sequence: UInt32
    /// The position that the sender expects next from the peer.
    package var acknowledgement: UInt32
    package var flags: SegmentFlags
    package var timestamps: Timestamps?
    /// Bytes in front of the payload.
    package let byteCount: Int

    /// The longest header that we write: with timestamps, and two bytes in front of them that align them.
    package static let byteCapacity = 32
    private static let plainByteCount = 20
    /// What we write for the window: the original's (protocol 06 §10). The kernels' scale factor makes it megabytes.
    private static let window: UInt16 = 65535

    /// A header of our own.
    package init(
        sourcePort: UInt16, destinationPort: UInt16, sequence: UInt32, acknowledgement: UInt32, flags: SegmentFlags,
        timestamps: Timestamps? = nil
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.sequence = sequence
        self.acknowledgement = acknowledgement
        self.flags = flags
        self.timestamps = timestamps
        self.byteCount = timestamps == nil ? Self.plainByteCount : Self.byteCapacity
    }

    /// Reads the header in front of a segment; `nil` if it is cut, or says so of itself.
    package init?(_ segment: RawSpan) {
        guard segment.byteCount >= Self.plainByteCount else { return nil }
        let dataOffset = Int(segment.bigEndian(at: 12, as: UInt8.self) >> 4) * 4
        guard dataOffset >= Self.plainByteCount, dataOffset <= segment.byteCount else { return nil }
        self.sourcePort = segment.bigEndian(at: 0)
        self.destinationPort = segment.bigEndian(at: 2)
        self.sequence = segment.bigEndian(at: 4)
        self.acknowledgement = segment.bigEndian(at: 8)
        self.flags = SegmentFlags(rawValue: segment.bigEndian(at: 13))
        self.byteCount = dataOffset
        self.timestamps = Timestamps(options: segment.extracting(Self.plainByteCount..<dataOffset))
    }

    /// The port that a segment goes to, however damaged the rest is; `nil` if it is cut before.
    package static func destinationPort(of segment: RawSpan) -> UInt16? {
        segment.byteCount >= 4 ? segment.bigEndian(at: 2) : nil
    }

    /// Writes the header, `byteCount` bytes, with the checksum of the segment that it makes with `payload`.
    @_lifetime(target: copy target)
    package func write(to target: inout MutableRawSpan, payload: RawSpan, _ pseudoHeader: PseudoHeader) {
        target.storeBigEndian(self.sourcePort, at: 0)
        target.storeBigEndian(self.destinationPort, at: 2)
        target.storeBigEndian(self.sequence, at: 4)
        target.storeBigEndian(self.acknowledgement, at: 8)
        target.storeBigEndian(UInt8(self.byteCount / 4) << 4, at: 12)
        target.storeBigEndian(self.flags.rawValue, at: 13)
        target.storeBigEndian(Self.window, at: 14)
        target.storeBigEndian(0 as UInt32, at: 16)  // Checksum and urgent pointer.
        if let timestamps { timestamps.write(to: &target, at: Self.plainByteCount) }
        let checksum = pseudoHeader.checksum(target.bytes.extracting(first: self.byteCount), payload)
        target.storeBigEndian(checksum, at: 16)
    }
}

extension SegmentHeader.Timestamps {
    private static let kind: UInt8 = 8
    private static let optionByteCount = 10
    /// Two no-operations, then kind and length: how everybody writes the option.
    private static let usualStart: UInt32 = 0x0101_080A

    /// Finds the option among others; `nil` if it is not there.
    fileprivate init?(options: RawSpan) {
        if options.byteCount >= 12, options.bigEndian(at: 0) == Self.usualStart {
            self.init(options, at: 4)
        } else if let offset = Self.offset(in: options) {
            self.init(options, at: offset + 2)
        } else {
            return nil
        }
    }

    private init(_ options: RawSpan, at offset: Int) {
        self.init(value: options.bigEndian(at: offset), echo: options.bigEndian(at: offset + 4))
    }

    /// Goes from option to option; the first two kinds are single bytes, all others say how long they are.
    private static func offset(in options: RawSpan) -> Int? {
        var offset = 0
        while offset < options.byteCount {
            let kind = options.bigEndian(at: offset, as: UInt8.self)
            if kind == 0 { return nil }
            if kind == 1 {
                offset += 1
                continue
            }
            guard offset + 2 <= options.byteCount else { return nil }
            let byteCount = Int(options.bigEndian(at: offset + 1, as: UInt8.self))
            guard byteCount >= 2, offset + byteCount <= options.byteCount else { return nil }
            if kind == Self.kind, byteCount == Self.optionByteCount { return offset }
            offset += byteCount
        }
        return nil
    }

    @_lifetime(target: copy target)
    fileprivate func write(to target: inout MutableRawSpan, at offset: Int) {
        target.storeBigEndian(Self.usualStart, at: offset)
        target.storeBigEndian(self.value, at: offset + 4)
        target.storeBigEndian(self.echo, at: offset + 8)
    }
}
