import ErasureCoding
import KCP

/// What the UDP payload that a session has sent and received was made of, bytes. Cumulative.
package struct WireBytes: Hashable, Sendable {
    /// Content of the byte stream, sent for the first time: smux frames, compressed if that is on.
    package var payload: UInt64 = 0
    /// Segments that were sent again, or several times to begin with; header and content.
    package var retransmission: UInt64 = 0
    /// Acknowledgements and window probes.
    package var acknowledgement: UInt64 = 0
    /// Parity datagrams, with everything in them.
    package var parity: UInt64 = 0
    /// The rest: headers of segments, of FEC and of the envelope.
    package var header: UInt64 = 0
    /// Everything received, with its envelope.
    package var received: UInt64 = 0

    package init() {}

    /// - Parameter envelopeByteCount: what the envelope adds to each datagram.
    init(_ statistics: SessionStatistics, envelopeByteCount: Int) {
        let conversation = statistics.conversation
        let parity = statistics.parityEncoder
        let envelope = UInt64(envelopeByteCount)
        let segmentHeader = UInt64(SegmentHeader.byteCount)
        self.payload = conversation.sentPayloadBytes
        self.retransmission =
            conversation.retransmittedPayloadBytes + conversation.copiedPayloadBytes
            + (conversation.retransmittedSegments + conversation.copiedSegments) * segmentHeader
        self.acknowledgement = conversation.sentControlSegments * segmentHeader
        self.parity = parity.parityBytes + parity.parityPackets * envelope
        // A datagram too long to be sealed is dropped after it has been counted by the layers above.
        let rest = statistics.session.bytesSent.subtractingReportingOverflow(
            self.payload + self.retransmission + self.acknowledgement + self.parity)
        self.header = rest.overflow ? 0 : rest.partialValue
        self.received = statistics.session.bytesReceived + statistics.session.packetsReceived * envelope
    }

    /// Everything sent.
    package var sent: UInt64 { self.payload + self.retransmission + self.acknowledgement + self.parity + self.header }

    package static func += (left: inout WireBytes, right: WireBytes) {
        left.payload += right.payload
        left.retransmission += right.retransmission
        left.acknowledgement += right.acknowledgement
        left.parity += right.parity
        left.header += right.header
        left.received += right.received
    }
}
