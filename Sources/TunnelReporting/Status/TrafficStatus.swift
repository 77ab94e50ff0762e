import ErasureCoding
import KCP
import Smux
package import TunnelCore

/// What a session, or all of them together, have carried: counters, of which a reader makes rates.
package struct TrafficStatus: Codable, Hashable, Sendable {
    /// Bytes of connections.
    package var sentPayloadBytes: UInt64 = 0
    package var receivedPayloadBytes: UInt64 = 0
    /// UDP payload; what of the sent one was what.
    package var sentWireBytes: UInt64 = 0
    package var receivedWireBytes: UInt64 = 0
    package var sentContentBytes: UInt64 = 0
    package var sentHeaderBytes: UInt64 = 0
    package var sentParityBytes: UInt64 = 0
    package var sentRetransmissionBytes: UInt64 = 0
    package var sentAcknowledgementBytes: UInt64 = 0
    /// What loss is estimated from.
    package var sentPackets: UInt64 = 0
    package var sentPacketsLost: UInt64 = 0
    package var receivedPackets: UInt64 = 0
    package var receivedPacketsLost: UInt64 = 0
    package var retransmittedSegments: UInt64 = 0
    package var timeouts: UInt64 = 0
    package var recoveredPackets: UInt64 = 0
    package var receivedParityPackets: UInt64 = 0
    package var uselessParityPackets: UInt64 = 0

    package init() {}

    package init(_ statistics: SessionStatistics) {
        self.sentPayloadBytes = statistics.multiplexer.sentPayloadByteCount
        self.receivedPayloadBytes = statistics.multiplexer.receivedPayloadByteCount
        self.sentWireBytes = statistics.wire.sent
        self.receivedWireBytes = statistics.wire.received
        self.sentContentBytes = statistics.wire.payload
        self.sentHeaderBytes = statistics.wire.header
        self.sentParityBytes = statistics.wire.parity
        self.sentRetransmissionBytes = statistics.wire.retransmission
        self.sentAcknowledgementBytes = statistics.wire.acknowledgement
        self.sentPackets = statistics.sentLoss.sent
        self.sentPacketsLost = statistics.sentLoss.lost
        self.receivedPackets = statistics.receivedLoss.sent
        self.receivedPacketsLost = statistics.receivedLoss.lost
        self.retransmittedSegments = statistics.conversation.retransmittedSegments
        self.timeouts = statistics.conversation.timeouts
        self.recoveredPackets = statistics.parityDecoder.recoveredPackets
        self.receivedParityPackets = statistics.parityDecoder.parityPackets
        self.uselessParityPackets = statistics.parityDecoder.unusedParityPackets
    }
}
