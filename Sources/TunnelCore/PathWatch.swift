package import PacketPrimitives

/// Decides when a session follows its peer to another address (a NAT has given it a new port, or it has changed
/// networks).
///
/// An address is asked first, and only one that answers is moved to; and not while the old one still speaks, so that
/// late packets, or a peer with two ways, do not make the session go back and forth. Everything is driven by the packets
/// that come from there: nothing is sent to an address that has not sent as much itself.
package struct PathWatch {
    /// What is to be done.
    package enum Step: Equatable {
        /// Nothing for the moment.
        case wait
        /// Send a question to the address.
        case ask
        /// It has answered, and the old one is silent: it is the peer's address now.
        case move
    }

    private struct Candidate {
        var address: PeerAddress
        var began: Instant
        var asked: Instant?
        var unansweredCount = 0
        var hasAnswered = false
        var token: UInt32?
    }

    /// How long the present address must have been silent. Packets that are reordered come within this time.
    static let silenceMilliseconds = 100
    /// Between two moves.
    static let pauseMilliseconds = 500
    /// Between two questions to an address.
    package static let askMilliseconds = 100
    /// How long an address is looked at before another takes its place.
    static let candidateMilliseconds = 200
    /// An address that does not answer so many questions is left alone for a while.
    static let questionLimit = 8
    static let restMilliseconds = 5000

    private var candidate: Candidate?
    private var lastMove: Instant?

    package init() {}

    /// A packet of the session has come from `address`, which is not the peer's.
    /// - Parameters:
    ///   - hasAnswered: the packet answers the question to the address that was asked last.
    ///   - lastHeard: when a packet came from the peer's present address.
    package mutating func step(_ address: PeerAddress, hasAnswered: Bool, lastHeard: Instant?, now: Instant) -> Step {
        guard var candidate = self.candidate(for: address, now: now) else { return .wait }
        if hasAnswered, candidate.asked != nil { candidate.hasAnswered = true }
        self.candidate = candidate
        if candidate.hasAnswered {
            guard self.mayMove(lastHeard: lastHeard, now: now) else { return .wait }
            self.candidate = nil
            self.lastMove = now
            return .move
        }
        guard Self.mayAsk(candidate, now: now) else { return .wait }
        self.candidate?.asked = now
        self.candidate?.unansweredCount += 1
        return .ask
    }

    /// What a question to the address carries that is looked at: the same each time, so that any answer counts, however
    /// long its way takes; another one for another address, so that nobody answers for somebody else.
    /// - Parameter makeToken: must be random.
    package mutating func token(_ makeToken: () -> UInt32) -> UInt32 {
        let token = self.candidate?.token ?? makeToken()
        self.candidate?.token = token
        return token
    }

    /// Whether the last question was the last one for a while.
    package var hasGivenUp: Bool { self.candidate?.unansweredCount == Self.questionLimit }

    /// What is known of the address; `nil` while another one has its turn.
    private func candidate(for address: PeerAddress, now: Instant) -> Candidate? {
        guard let candidate = self.candidate else { return Candidate(address: address, began: now) }
        if candidate.address == address { return candidate }
        guard now.milliseconds(since: candidate.began) >= Self.candidateMilliseconds else { return nil }
        return Candidate(address: address, began: now)
    }

    private func mayMove(lastHeard: Instant?, now: Instant) -> Bool {
        func hasPassed(_ milliseconds: Int, since time: Instant?) -> Bool {
            time.map { now.milliseconds(since: $0) >= milliseconds } ?? true
        }
        return hasPassed(Self.silenceMilliseconds, since: lastHeard)
            && hasPassed(Self.pauseMilliseconds, since: self.lastMove)
    }

    private static func mayAsk(_ candidate: Candidate, now: Instant) -> Bool {
        guard let asked = candidate.asked else { return true }
        let isResting = candidate.unansweredCount >= Self.questionLimit
        return now.milliseconds(since: asked) >= (isResting ? Self.restMilliseconds : Self.askMilliseconds)
    }
}
