import Ciphers
import ErasureCoding
package import KCP
package import PacketPrimitives
package import RateControl
package import Smux

// Finding out whether the peer receives at an address.
extension TunnelSession {
    /// Whether a packet can be one of this session now. For packets from where its peer was not before.
    package func fits(_ packet: RawSpan) -> Bool {
        guard let segments = SessionAdmission.segments(of: packet), let header = SegmentHeader(segments) else {
            return false
        }
        return self.conversation.fits(header)
    }

    /// Fills the (empty) slab with a question, sealed, for the address in doubt. `token` must be random; the one of the
    /// last question asks that again.
    package mutating func askPath(token: UInt32, into slab: inout PacketSlab, now: Instant) {
        precondition(slab.isEmpty, "a slab holds one burst")
        self.conversation.writeChallenge(token: token, into: &slab)
        _ = self.seal(&slab, now: now)
    }

    /// Takes opened packets that come from an address which is not the peer's. Returns whether they answer the last
    /// question. An answer from elsewhere proves nothing: somebody at the address may have passed the question on.
    package mutating func handlePackets(
        fromCandidate slab: borrowing PacketSlab, _ range: Range<Int>, now: Instant, sink: any StreamSink
    ) -> Bool {
        self.conversation.forgetAnswer()
        self.handlePackets(slab, range, now: now, sink: sink)
        return self.conversation.isChallengeAnswered
    }

    /// The peer is at a host to which `path` directs the sending.
    package mutating func changePath(to path: PathController, now: Instant) {
        self.conversation.changePath(to: path, now: now)
    }

    /// This end has come to another network, or got another route.
    package func restartPath(now: Instant) { self.conversation.path?.restart(now: now) }

    /// A question was sent before the session was made.
    package mutating func expectAnswer(to challenge: PathChallenge) {
        self.conversation.expectAnswer(to: challenge)
    }
}

extension SegmentHeader {
    /// Puts it as a packet for a client without a session into the (empty) slab.
    /// - Parameter usesShards: the client's packets have FEC headers.
    package func write(into slab: inout PacketSlab, usesShards: Bool, now: Instant) {
        self.append(to: &slab)
        guard usesShards else { return }
        var encoder = ParityEncoder()
        encoder.protect(&slab, from: 0, now: now)
    }
}
