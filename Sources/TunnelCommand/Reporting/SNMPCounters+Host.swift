import ErasureCoding
import KCP
import TunnelCore
package import TunnelRuntime

extension SNMPCounters {
    /// The original's counters out of ours (protocol 06 §8).
    package init(_ host: HostStatistics) {
        let sessions = host.sessions
        self.init()
        self.bytesSent = sessions.conversation.writtenBytes
        self.bytesReceived = sessions.conversation.deliveredBytes
        self.activeOpens = host.ingress.sessionsOpened
        self.passiveOpens = host.ingress.sessionsAccepted
        self.currEstab = UInt64(host.sessionCount)
        self.maxConn = UInt64(host.mostSessions)
        self.inErrs = host.ingress.refusedPackets
        self.inCsumErrors = host.ingress.failedChecksum
        self.kcpInErrors = sessions.session.malformedPackets
        self.inPkts = sessions.session.packetsReceived
        self.outPkts = sessions.session.datagramsSent
        self.inBytes = sessions.session.bytesReceived
        self.outBytes = sessions.session.bytesSent
        self.oobPackets = sessions.session.outOfBandPackets
        self.take(sessions.conversation)
        self.take(sessions.parityDecoder)
        self.ringBufferSndQueue = sessions.queuedSegments
        self.ringBufferRcvQueue = sessions.readySegments
        self.ringBufferSndBuffer = sessions.inFlightSegments
    }

    private mutating func take(_ conversation: KCP.Statistics) {
        self.inSegs = conversation.receivedSegments
        self.outSegs = conversation.sentSegments
        self.retransSegs = conversation.retransmittedSegments
        self.fastRetransSegs = conversation.fastRetransmissions
        self.earlyRetransSegs = conversation.earlyRetransmissions
        self.lostSegs = conversation.timeouts
        self.repeatSegs = conversation.repeatedSegments
    }

    private mutating func take(_ parity: ParityDecoder.Statistics) {
        self.fecFullShardSet = parity.fullGroups
        self.fecRecovered = parity.recoveredPackets
        self.fecErrs = parity.errors
        self.fecParityShards = parity.parityPackets
        self.fecShardSet = parity.liveGroups
        self.fecShardMin = parity.newestGroup
    }
}
