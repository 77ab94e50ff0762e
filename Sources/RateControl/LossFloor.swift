/// The share of datagrams that the path loses whatever we do.
///
/// Raised only by transmissions below the path's rate: learned at the rate or above, it would absorb the losses of a
/// full queue, raise the rate, and stay. Only the search at the start learns from everything, and a round that loses
/// less lowers it, whatever was sent in that.
struct LossFloor {
    /// 0 to 0.45.
    private(set) var value = 0.0
    private var below = Tally()
    private var all = Tally()
    /// Datagrams of acknowledgements that `all` comes from.
    private var reportCount = 0
    /// Everything lost and sent in the first search, as long as that goes on.
    private var startup: Tally? = Tally()

    static let largest = 0.45
    private static let floodingShare = 0.6
    private static let windowCount = 100
    private static let leastCount = 30
    private static let leastReportCount = 8
    private static let learningShare = 0.4
    private static let fallingShare = 0.25

    private struct Tally {
        var lost = 0
        var total = 0

        mutating func add(isLost: Bool) {
            self.total += 1
            if isLost { self.lost += 1 }
        }

        static func += (left: inout Tally, right: Tally) {
            left.lost += right.lost
            left.total += right.total
        }

        var isComplete: Bool { self.total >= LossFloor.windowCount }
        var share: Double { Double(self.lost) / Double(max(self.total, 1)) }
    }

    /// A transmission has arrived or got lost.
    mutating func add(isLost: Bool, isBelowRate: Bool) {
        self.all.add(isLost: isLost)
        guard isBelowRate, self.startup == nil else { return }
        self.below.add(isLost: isLost)
        guard self.below.isComplete else { return }
        self.move(to: self.below.share, by: Self.learningShare)
        self.below = Tally()
    }

    /// Whether more gets lost than can be the path's doing. A policer drops without a queue, and rounds become as long as
    /// what is in flight takes at its rate: the search must not wait for their end. Of a peer that acknowledges once, two lost
    /// datagrams can make a whole flight seem lost, so there must have been some more.
    var isFlooding: Bool {
        self.all.isComplete && self.reportCount >= Self.leastReportCount && self.all.share > Self.floodingShare
    }

    /// A datagram of acknowledgements has come.
    mutating func noteReport() { self.reportCount += 1 }

    /// A round has ended; says whether it lost more than the path explains.
    mutating func endRound() -> Bool {
        guard self.all.isComplete else { return false }
        defer { self.clearRound() }
        let isFirst = self.startup?.total == 0
        if !isFirst, self.isExcessive(self.all) { return true }
        if self.startup != nil {
            self.learnInStartup()
        } else if self.all.share < self.value {
            self.move(to: self.all.share, by: Self.fallingShare)
        }
        return false
    }

    private func isExcessive(_ tally: Tally) -> Bool { tally.share > self.value + max(0.05, self.spread(of: tally)) }

    /// How much more a round loses by chance, at most. What the search has learned so far comes from few transmissions itself:
    /// of 140 that lose 5 % often 3 % seem to get lost, and of the next 130 8 %.
    private func spread(of tally: Tally) -> Double {
        guard let startup = self.startup else {
            return 3 * (self.value * (1 - self.value) / Double(tally.total)).squareRoot()
        }
        var both = startup
        both += tally
        let share = both.share
        return 3 * (share * (1 - share) * (1 / Double(tally.total) + 1 / Double(max(startup.total, 1)))).squareRoot()
    }

    private mutating func learnInStartup() {
        self.startup! += self.all
        self.value = min(Self.largest, self.startup!.share)
    }

    private mutating func move(to share: Double, by weight: Double) {
        self.value = min(Self.largest, self.value + (share - self.value) * weight)
    }

    /// The first search is over.
    mutating func endStartup() {
        if self.startup != nil, self.all.total >= Self.leastCount, !self.isFlooding,
            !self.isExcessive(self.all) || self.startup!.total == 0
        {
            self.learnInStartup()
        }
        self.startup = nil
        self.clearRound()
    }

    private mutating func clearRound() {
        self.all = Tally()
        self.reportCount = 0
    }
}
