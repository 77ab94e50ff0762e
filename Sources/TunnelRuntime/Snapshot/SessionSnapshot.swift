package import PacketPrimitives
package import TunnelCore

/// What a host makes of a session.
package enum SessionState: String, Sendable, CaseIterable {
    /// It takes new streams.
    case established
    /// Past `--autoexpire`: it only finishes the streams that it has.
    case expiring
}

/// A session at one moment.
package struct SessionSnapshot: Sendable {
    package var peer: PeerAddress
    package var local: PeerAddress
    package var state: SessionState
    package var ageMilliseconds: Int
    /// Since the last packet from the peer; `nil` if there was none yet.
    package var silenceMilliseconds: Int?
    /// Whether the peer owes us an acknowledgement.
    package var isWaiting: Bool
    package var figures: SessionFigures
    package var statistics: SessionStatistics
    package var streams: StreamCensus

    package init(
        peer: PeerAddress, local: PeerAddress, state: SessionState, ageMilliseconds: Int, silenceMilliseconds: Int?,
        isWaiting: Bool, figures: SessionFigures, statistics: SessionStatistics, streams: StreamCensus
    ) {
        self.peer = peer
        self.local = local
        self.state = state
        self.ageMilliseconds = ageMilliseconds
        self.silenceMilliseconds = silenceMilliseconds
        self.isWaiting = isWaiting
        self.figures = figures
        self.statistics = statistics
        self.streams = streams
    }
}
