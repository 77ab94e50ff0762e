import PacketPrimitives

/// What keeps somebody who uses a path from sending.
package enum SendingNeed: Sendable {
    /// Nothing; it has sent all that it has.
    case nothing
    /// The pacing.
    case pacing
    /// The window.
    case window
    /// The peer's window: what the rate earns meanwhile may leave later, see `PathShares`.
    case peerWindow

    /// Whether it would send more if it had the path for itself.
    var isClaim: Bool { self == .pacing || self == .window }
}

/// Lets bytes out at a rate, in trains of about a millisecond, and in equal parts to all that wait for them.
///
/// What the rate earns is divided at once between those that wait for the pacing. Each spends its own part and owes what
/// it has overdrawn, so that, while two go on waiting, what they have sent differs by no more than a part's limit and
/// one datagram, however many they are and whoever asks first. What nobody waits for stays in the pool.
///
/// While a peer's window keeps somebody back the bottleneck's queue runs empty. What would have filled it goes into a reserve,
/// which is paid out beside the rate once the window has opened: a window as wide as the path, which opens every 30 ms,
/// would cost a tenth of the link otherwise.
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
    private var newestBlockage: Instant?
    private var reserve = 0.0
    /// How many wait for their peer's window.
    private var keptBackCount = 0

    /// What the reserve holds at most: less than what queues are long anyway.
    private static let reserveSeconds = 0.02
    /// Of what the rate earns, how much may come from the reserve beside it.
    private static let catchUpShare = 0.5
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
        if need.isClaim { self.newestClaim = now }
        if need == .peerWindow { self.newestBlockage = now }
        let old = self.members[member].need
        guard need != old else { return }
        self.claimantCount += (need.isClaim ? 1 : 0) - (old.isClaim ? 1 : 0)
        self.keptBackCount += (need == .peerWindow ? 1 : 0) - (old == .peerWindow ? 1 : 0)
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
        self.claimantCount > (self.members[member].need.isClaim ? 1 : 0)
    }

    /// Whether somebody has had more than might leave since `time`.
    func hasClaim(since time: Instant) -> Bool { self.newestClaim.map { $0 >= time } ?? false }

    /// Whether a peer's window has kept somebody back since `time`.
    func wasKeptBack(since time: Instant) -> Bool { self.newestBlockage.map { $0 >= time } ?? false }

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
        let earned = rate * Double(max(0, now.microseconds(since: self.updated))) / 1e6
        self.pool += earned
        self.updated = max(self.updated, now)
        guard !self.waiting.isEmpty else {
            self.save(max(0, self.pool - train), rate: rate)
            return self.pool = min(self.pool, train)
        }
        let caughtUp = min(self.reserve, Self.catchUpShare * earned)
        self.reserve -= caughtUp
        self.pool += caughtUp
        let part = self.pool / Double(self.waiting.count)
        let limit = self.limit(rate: rate, datagramByteCount: datagramByteCount)
        self.pool = 0
        for member in self.waiting {
            self.members[member].credit = min(limit, max(self.members[member].credit, -train) + part)
        }
    }

    /// What nobody could use, if that was because of a peer's window.
    private mutating func save(_ byteCount: Double, rate: Double) {
        self.reserve = self.keptBackCount > 0 ? min(self.reserve + byteCount, Self.reserveSeconds * rate) : 0
    }

    /// There is a queue already.
    mutating func dropReserve() { self.reserve = 0 }

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
