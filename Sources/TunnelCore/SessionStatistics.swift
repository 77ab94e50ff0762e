import Ciphers
package import ErasureCoding
package import KCP
package import Smux

/// All that a session has counted, layer by layer: a copy, free to leave the session's thread.
package struct SessionStatistics: Sendable {
    package var session = SessionCounters()
    package var conversation = KCP.Statistics()
    package var parityEncoder = ParityEncoder.Statistics()
    package var parityDecoder = ParityDecoder.Statistics()
    package var multiplexer = Smux.Statistics()
    package var wire = WireBytes()
    /// Segments that wait for the window, are in flight, wait for the application, or wait for one before them
    /// (gauges).
    package var queuedSegments: UInt64 = 0
    package var inFlightSegments: UInt64 = 0
    package var readySegments: UInt64 = 0
    package var waitingSegments: UInt64 = 0

    package init() {}

    /// Without the gauges: what remains of a session that has ended.
    package var withoutGauges: SessionStatistics {
        var result = self
        result.queuedSegments = 0
        result.inFlightSegments = 0
        result.readySegments = 0
        result.waitingSegments = 0
        result.parityDecoder.liveGroups = 0
        result.parityDecoder.newestGroup = 0
        return result
    }

    /// Adds another session's figures.
    package mutating func add(_ other: SessionStatistics) {
        self.session += other.session
        self.conversation += other.conversation
        self.parityEncoder += other.parityEncoder
        self.parityDecoder += other.parityDecoder
        self.multiplexer += other.multiplexer
        self.wire += other.wire
        self.queuedSegments += other.queuedSegments
        self.inFlightSegments += other.inFlightSegments
        self.readySegments += other.readySegments
        self.waitingSegments += other.waitingSegments
    }
}

extension TunnelSession {
    package var statistics: SessionStatistics {
        var result = SessionStatistics()
        result.session = self.counters
        result.conversation = self.conversation.statistics
        switch self.parityEncoder {
        case .some(let encoder): result.parityEncoder = encoder.statistics
        case .none: break
        }
        switch self.parityDecoder {
        case .some(let decoder): result.parityDecoder = decoder.statistics
        case .none: break
        }
        result.multiplexer = self.streams.multiplexer.statistics
        result.queuedSegments = UInt64(self.conversation.queuedSegmentCount)
        result.inFlightSegments = UInt64(self.conversation.inFlightSegmentCount)
        result.readySegments = UInt64(self.conversation.readySegmentCount)
        result.waitingSegments = UInt64(self.conversation.waitingSegmentCount)
        result.wire = WireBytes(
            result, envelopeByteCount: self.envelope.headerByteCount + self.envelope.trailerByteCount)
        return result
    }
}
