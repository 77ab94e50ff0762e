import PacketPrimitives

/// What keeps somebody who uses a path from sending.
package enum SendingNeed: Sendable {
    /// Nothing; it has sent all that it has.
    case nothing
    /// The pacing.
    case pacing
    /// The window.
    case window
}

/// Lets bytes out at a rate, in trains of about a millisecond, and in equal parts to all that wait for them.
///
/// What the rate earns is divided at once between those that wait for the pacing. Each spends its own part and owes what
/// it has overdrawn, so that, while two go on waiting, what they have sent differs by no more than a part's limit and
/// one datagram, however many they are and whoever asks first. What nobody waits for stays in the pool.
struct PathShares {
    private struct Member {
        var credit = 0.0
        var need = SendingNeed.nothing
    }

    private var members: [Member] = []
    private var vacant: [Int] = []
    /// Those that wait for the pacing.
    private var waiting: [Int] = []
    private var pool = 0.0
    private var updated: Instant
    /// How many wait for pacing or window.
    private(set) var claimantCount = 0
    private var newestClaim: Instant?

    private static let trainSeconds = 0.001
    private static let activityMicroseconds = 1_000_000

    init(now: Instant) { self.updated = now }

    private static func train(rate: Double, datagramByteCount: Double) -> Double {
        max(rate * self.trainSeconds, 2 * datagramByteCount)
    }

    /// What one of those that wait may save.
    private func limit(rate: Double, datagramByteCount: Double) -> Double {
        let train = Self.train(rate: rate, datagramByteCount: datagramByteCount)
        return max(train / Double(max(self.waiting.count, 1)), 2 * datagramByteCount)
    }

    // MARK: Members

    mutating func join() -> Int {
        if let member = self.vacant.popLast() {
            self.members[member] = Member()
            return member
        }
        self.members.append(Member())
        return self.members.count - 1
    }

    mutating func leave(_ member: Int) {
        self.setNeed(of: member, to: .nothing, now: self.updated)
        self.vacant.append(member)
    }

    mutating func setNeed(of member: Int, to need: SendingNeed, now: Instant) {
        if need != .nothing { self.newestClaim = now }
        let old = self.members[member].need
        guard need != old else { return }
        self.claimantCount += (need == .nothing ? 0 : 1) - (old == .nothing ? 0 : 1)
        self.members[member].need = need
        if old == .pacing {
            if let place = self.waiting.firstIndex(of: member) { self.waiting.remove(at: place) }
            self.pool += self.members[member].credit
            self.members[member].credit = 0
        } else if need == .pacing {
            if self.waiting.isEmpty { swap(&self.members[member].credit, &self.pool) }
            self.waiting.append(member)
        }
    }

    /// Whether anybody but `member` has more than may leave.
    func isClaimed(besides member: Int) -> Bool {
        self.claimantCount > (self.members[member].need == .nothing ? 0 : 1)
    }

    /// Whether somebody has had more than might leave since `time`.
    func hasClaim(since time: Instant) -> Bool { self.newestClaim.map { $0 >= time } ?? false }

    /// Whether somebody has had more than might leave, lately.
    func isBusy(now: Instant) -> Bool {
        guard let newestClaim else { return false }
        return now.microseconds(since: newestClaim) < Self.activityMicroseconds
    }

    // MARK: Pacing

    /// Nobody owes more than a train: what waits for nothing may be much more than the rate, and would stop everything else.
    private mutating func earn(rate: Double, datagramByteCount: Double, now: Instant) {
        let train = Self.train(rate: rate, datagramByteCount: datagramByteCount)
        self.pool = max(self.pool, -train)
        self.pool += rate * Double(max(0, now.microseconds(since: self.updated))) / 1e6
        self.updated = max(self.updated, now)
        guard !self.waiting.isEmpty else {
            return self.pool = min(self.pool, train)
        }
        let part = self.pool / Double(self.waiting.count)
        let limit = self.limit(rate: rate, datagramByteCount: datagramByteCount)
        self.pool = 0
        for member in self.waiting {
            self.members[member].credit = min(limit, max(self.members[member].credit, -train) + part)
        }
    }

    /// How many bytes may leave now; 0 or less: none. Who does not wait yet while others do has to queue up.
    mutating func allowance(of member: Int, rate: Double, datagramByteCount: Double, now: Instant) -> Double {
        self.earn(rate: rate, datagramByteCount: datagramByteCount, now: now)
        if self.members[member].need == .pacing { return self.members[member].credit }
        return self.waiting.isEmpty ? self.pool : 0
    }

    /// Something has left. Who does not wait has sent what waits for nothing: all pay for it.
    mutating func spend(_ byteCount: Int, by member: Int) {
        if self.members[member].need == .pacing {
            self.members[member].credit -= Double(byteCount)
        } else {
            self.pool -= Double(byteCount)
        }
    }

    /// When half of what a member may save will have been earned; `nil` if it does not wait.
    func nextTrain(of member: Int, rate: Double, datagramByteCount: Double) -> Instant? {
        guard self.members[member].need == .pacing else { return nil }
        let missing = self.limit(rate: rate, datagramByteCount: datagramByteCount) / 2 - self.members[member].credit
        guard missing > 0 else { return self.updated }
        return self.updated.advanced(microseconds: Int(missing * Double(self.waiting.count) / rate * 1e6) + 1)
    }
}
