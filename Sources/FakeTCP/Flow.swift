package import PacketPrimitives

/// Where both directions of a pretended connection stand, so that what we send fits what the peer has sent.
///
/// Nothing is repeated or put in order here: that is the business of KCP inside of the datagrams. The numbers only have
/// to be such that firewalls and address translators on the way take the segments for those of the connection.
package struct Flow: Hashable, Sendable {
    /// What our next segment says: where its payload begins, and what we expect from the peer.
    package private(set) var sequence: UInt32
    package private(set) var acknowledgement: UInt32
    private var clock: Clock?

    /// Timestamps, if the peer uses them: our clock goes on where our kernel's stood during the handshake.
    private struct Clock: Hashable, Sendable {
        /// What the peer said last.
        var echo: UInt32
        /// Added to the milliseconds of `Instant`.
        var offset: UInt32
    }

    /// A flow as the first segment shows it that came from the peer.
    package init(firstSegment header: SegmentHeader, payloadByteCount: Int, now: Instant) {
        self.sequence = header.acknowledgement
        self.acknowledgement = header.sequence &+ Self.length(header, payloadByteCount)
        self.clock = header.timestamps.map { Clock(echo: $0.value, offset: $0.echo &- now.milliseconds) }
    }

    /// Takes in what a segment of the peer says (protocol 06 §10): we go on where the peer expects us to, and expect
    /// what follows the segment if it is the one that we expected.
    package mutating func handleSegment(_ header: SegmentHeader, payloadByteCount: Int) {
        if header.flags.contains(.acknowledge) { self.sequence = header.acknowledgement }
        if header.sequence == self.acknowledgement { self.acknowledgement &+= Self.length(header, payloadByteCount) }
        if let value = header.timestamps?.value, let echo = self.clock?.echo, Int32(bitPattern: value &- echo) > 0 {
            self.clock?.echo = value
        }
    }

    /// The header of the next segment.
    package func header(from source: UInt16, to destination: UInt16, now: Instant) -> SegmentHeader {
        SegmentHeader(
            sourcePort: source, destinationPort: destination, sequence: self.sequence,
            acknowledgement: self.acknowledgement, flags: .datagram,
            timestamps: self.clock.map { .init(value: now.milliseconds &+ $0.offset, echo: $0.echo) })
    }

    /// Notes that this much payload has been sent.
    package mutating func advance(by byteCount: Int) { self.sequence &+= UInt32(truncatingIfNeeded: byteCount) }

    /// The positions that a segment takes up: the two flags that open and close a connection count as one each.
    private static func length(_ header: SegmentHeader, _ payloadByteCount: Int) -> UInt32 {
        let flagCount = (header.flags.contains(.synchronize) ? 1 : 0) + (header.flags.contains(.finish) ? 1 : 0)
        return UInt32(truncatingIfNeeded: payloadByteCount + flagCount)
    }
}
