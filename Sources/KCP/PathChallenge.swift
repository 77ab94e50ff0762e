package import PacketPrimitives

/// A question that only whoever receives at an address can answer, and every program of the protocol does.
///
/// It is an empty PUSH with the number before the one that the peer waits for. A receiver takes it for a repetition:
/// it acknowledges it, echoes its time, and forgets it (protocol 03 §4). The time is random here, so an ACK with it can
/// only come from somebody who has seen the question. On the wire it is no longer than the shortest packet there is.
package struct PathChallenge: Hashable, Sendable {
    package let conversation: UInt32
    package let number: UInt32
    /// What the answer has to echo.
    package let token: UInt32

    /// - Parameter next: a number that the peer has not acknowledged yet, and everything before it.
    init(conversation: UInt32, next: UInt32, token: UInt32) {
        self.conversation = conversation
        self.number = next &- 1
        self.token = token
    }

    /// For a peer that has received nothing yet.
    package init(conversation: UInt32, token: UInt32) { self.init(conversation: conversation, next: 0, token: token) }

    /// Whether the segment is the answer.
    @inline(__always)
    func isAnswered(by header: SegmentHeader) -> Bool {
        header.time == self.token && header.number == self.number
            && header.command == Command.acknowledge.rawValue && header.conversation == self.conversation
    }

    /// Whether the answer is among the segments of a packet.
    package func isAnswered(by segments: RawSpan) -> Bool {
        var offset = 0
        while let header = SegmentHeader(segments, at: offset) {
            if self.isAnswered(by: header) { return true }
            let rest = segments.byteCount - offset - SegmentHeader.byteCount
            guard Int(header.payloadByteCount) <= rest else { return false }
            offset += SegmentHeader.byteCount + Int(header.payloadByteCount)
        }
        return false
    }

    /// The question, a packet of its own.
    /// - Parameters:
    ///   - window: our free receive window, segments.
    ///   - expected: the peer's number that we wait for.
    package func header(window: UInt16, expected: UInt32) -> SegmentHeader {
        SegmentHeader(
            conversation: self.conversation, command: .push, window: window, time: self.token, number: self.number,
            expected: expected)
    }
}

extension SegmentHeader {
    /// Puts it as a packet of its own into a fresh slot of the slab.
    package func append(to slab: inout PacketSlab) {
        slab.takeSlot(byteCount: Self.byteCount)
        var packet = slab.mutableBytes(at: slab.count - 1)
        self.write(to: &packet, at: 0)
    }
}

extension Conversation {
    /// Remembers a question that is to be sent, or has been, so that its answer is not taken for anything else.
    package mutating func expectAnswer(to challenge: PathChallenge) {
        self.challenge = challenge
        self.isChallengeAnswered = false
    }

    /// Only an answer that comes from now on counts.
    package mutating func forgetAnswer() { self.isChallengeAnswered = false }

    /// Writes a question as a packet of its own into a fresh slot of the slab: a new one, or with the token of the last
    /// one the same again.
    package mutating func writeChallenge(token: UInt32, into slab: inout PacketSlab) {
        let last = self.challenge.flatMap { $0.token == token ? $0 : nil }
        let challenge = last ?? PathChallenge(conversation: self.id, next: self.sending.first, token: token)
        if last == nil { self.expectAnswer(to: challenge) }
        // It acknowledges nothing, so that a peer whose data has come over the new path goes on sending it, and thereby
        // asks to be moved there, should question or answer get lost.
        let expected = self.receiving.next &- UInt32(Self.oldestPlausibleDistance)
        challenge.header(window: self.receiving.free, expected: expected).append(to: &slab)
        self.statistics.sentSegments &+= 1
        self.statistics.sentControlSegments &+= 1
        self.statistics.sentPackets &+= 1
    }

    /// Whether a segment can be one of this conversation now: its numbers lie in our windows, and it does not know of
    /// anything that we have not sent.
    package func fits(_ header: SegmentHeader) -> Bool {
        guard header.conversation == self.id, let command = Command(rawValue: header.command),
            header.fragment == 0, !self.sending.next.isBefore(header.expected),
            self.sending.first.distance(after: header.expected) <= Self.oldestPlausibleDistance
        else { return false }
        switch command {
        case .push:
            let distance = header.number.distance(after: self.receiving.next)
            return distance < self.configuration.receiveWindow && distance > -Self.oldestPlausibleDistance
        case .acknowledge: return header.number.isBefore(self.sending.next)
        case .askWindow, .tellWindow: return true
        }
    }

    /// Segments. Something older is not merely late.
    private static var oldestPlausibleDistance: Int { Configuration.largestWindow }
}
