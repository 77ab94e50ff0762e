/// What a server has refused or given up to protect itself, and what became of clients whose address has changed.
package struct SheddingCounters: Equatable, Sendable {
    /// Sources that were asked to prove their address before they got a session.
    package var challengedSources: UInt64 = 0
    /// They did not prove it in time.
    package var unprovenSources: UInt64 = 0
    /// Given up early, as too many were waiting.
    package var displacedSources: UInt64 = 0
    /// Packets that would have begun sessions faster than one network may.
    package var hastyPackets: UInt64 = 0
    /// Packets that would have begun a conversation again which is over.
    package var replayedPackets: UInt64 = 0
    /// Packets of sessions that are not there, whose senders were told so.
    package var disclaimedPackets: UInt64 = 0
    /// Sessions that said nothing on the level of streams in time, or had to make room while they had not.
    package var silentSessions: UInt64 = 0
    package var displacedSessions: UInt64 = 0
    /// Sessions that were followed to another address, and addresses that did not answer when asked.
    package var movedSessions: UInt64 = 0
    package var unansweredMoves: UInt64 = 0
    /// Packets given to the event loop that has their session.
    package var handedOverPackets: UInt64 = 0

    package init() {}

    static func += (left: inout SheddingCounters, right: SheddingCounters) {
        left.challengedSources += right.challengedSources
        left.unprovenSources += right.unprovenSources
        left.displacedSources += right.displacedSources
        left.hastyPackets += right.hastyPackets
        left.replayedPackets += right.replayedPackets
        left.disclaimedPackets += right.disclaimedPackets
        left.silentSessions += right.silentSessions
        left.displacedSessions += right.displacedSessions
        left.movedSessions += right.movedSessions
        left.unansweredMoves += right.unansweredMoves
        left.handedOverPackets += right.handedOverPackets
    }
}
