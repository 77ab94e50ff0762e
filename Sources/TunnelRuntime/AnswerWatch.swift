import PacketPrimitives

/// Watches how a client's server answers, and finds out in what way it does not. Looks once a second, and only as long
/// as something is owed.
struct AnswerWatch {
    /// What can be seen of a session.
    struct Facts {
        /// The server owes an acknowledgement.
        var isWaiting: Bool
        /// Packets that came and made sense.
        var packetCount: UInt64
        /// The server has said something on the level of streams, now or in an earlier session.
        var hasHeardFrames: Bool
    }

    enum Finding: Equatable {
        /// Nothing valid has come for four seconds.
        case silence
        /// The same, after it was said that nothing can come.
        case refusal
        /// Acknowledgements come, but nothing else ever did.
        case missingFrames
        /// It has ended.
        case answersAgain
    }

    static let checkMilliseconds = 1000
    static let limitMilliseconds = 4000
    /// A server that could not read our first bytes has given up the session. It shows that when something more comes.
    static let probeMilliseconds = 2000

    private var waitingSince: Instant?
    private var packetCount: UInt64 = 0
    /// Since when something more than an acknowledgement is missing.
    private var frameWaitStart: Instant?
    private var reported: Finding?
    private var hasProbed = false

    /// The session has begun to wait.
    mutating func start(now: Instant) { self.waitingSince = self.waitingSince ?? now }

    /// Whether nothing has come for a while that is owed.
    func isSilent(now: Instant) -> Bool { self.isLong(self.waitingSince, Self.checkMilliseconds, now: now) }

    /// What is new. The same is not said twice before the opposite.
    mutating func check(_ facts: Facts, now: Instant) -> Finding? {
        let hasHeard = facts.packetCount != self.packetCount
        self.packetCount = facts.packetCount
        if hasHeard { self.frameWaitStart = self.frameWaitStart ?? self.waitingSince ?? now }
        if hasHeard || !facts.isWaiting { self.waitingSince = nil }
        if facts.isWaiting { self.start(now: now) }
        if let reported {
            return self.recovery(from: reported, facts, hasHeard: hasHeard) ?? self.lastingRefusal(now: now)
        }
        self.reported = self.trouble(facts, now: now)
        return self.reported
    }

    private mutating func recovery(from reported: Finding, _ facts: Facts, hasHeard: Bool) -> Finding? {
        guard reported == .missingFrames ? facts.hasHeardFrames : hasHeard else { return nil }
        self.reported = nil
        return .answersAgain
    }

    private func trouble(_ facts: Facts, now: Instant) -> Finding? {
        if !facts.hasHeardFrames, self.isLong(self.frameWaitStart, Self.limitMilliseconds, now: now) {
            return .missingFrames
        }
        return self.isLong(self.waitingSince, Self.limitMilliseconds, now: now) ? .silence : nil
    }

    /// From then on it is a silence like any other.
    private mutating func lastingRefusal(now: Instant) -> Finding? {
        guard self.reported == .refusal, self.isLong(self.waitingSince, Self.limitMilliseconds, now: now) else {
            return nil
        }
        self.reported = .silence
        return .refusal
    }

    private func isLong(_ since: Instant?, _ milliseconds: Int, now: Instant) -> Bool {
        since.map { now.milliseconds(since: $0) >= milliseconds } ?? false
    }

    /// The system, or one on the way, has said that nobody is there, which need not be said again. False: it has been said.
    /// - Parameter packetCount: how many have come until then, which are no answer.
    mutating func noteRefusal(packetCount: UInt64) -> Bool {
        guard self.reported == nil else { return false }
        self.packetCount = packetCount
        self.reported = .refusal
        return true
    }

    /// Whether a sign of life should be sent now: nothing but acknowledgements has come for a while. Once.
    mutating func wantsProbe(_ facts: Facts, now: Instant) -> Bool {
        guard !self.hasProbed, !facts.hasHeardFrames, let frameWaitStart,
            now.milliseconds(since: frameWaitStart) >= Self.probeMilliseconds
        else { return false }
        self.hasProbed = true
        return true
    }

    /// Nothing has to be watched until the session waits again.
    func isSettled(_ facts: Facts) -> Bool { !facts.isWaiting && facts.hasHeardFrames && self.reported == nil }
}
