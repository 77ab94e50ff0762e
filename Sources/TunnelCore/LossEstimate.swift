import ErasureCoding
import KCP

/// How many packets were lost on the way, as far as one end can tell. Cumulative; an estimate.
package struct LossEstimate: Hashable, Sendable {
    /// Packets that were lost.
    package var lost: UInt64
    /// Packets that were sent: those that arrived, and the lost ones.
    package var sent: UInt64

    /// The share that was lost; 0 if nothing was sent.
    package var ratio: Double { self.sent == 0 ? 0 : Double(self.lost) / Double(self.sent) }
}

extension SessionStatistics {
    /// Of what the peer sent: packets rebuilt by FEC, and segments that came after having been sent again. Parity is
    /// left out; so are acknowledgements of a peer without FEC, whose loss cannot be seen.
    package var receivedLoss: LossEstimate {
        let lost = self.conversation.lateSegments + self.parityDecoder.recoveredPackets
        let parity = min(self.parityDecoder.parityPackets, self.session.packetsReceived)
        return LossEstimate(lost: lost, sent: self.session.packetsReceived - parity + lost)
    }

    /// Of what this end sent: transmissions of segments of which the peer has acknowledged another. What FEC at the
    /// other end has mended is not known here.
    package var sentLoss: LossEstimate {
        LossEstimate(
            lost: self.conversation.lostTransmissions,
            sent: self.conversation.sentSegments
                - min(
                    self.conversation.sentSegments, self.conversation.sentControlSegments))
    }
}
