import PacketPrimitives

/// Where the search for the path's rate stands.
enum SendingPhase: Equatable {
    /// Doubling until the rate stops growing or a queue forms.
    case startup
    /// Letting the queue that the search has built run empty.
    case drain
    /// A little above the rate, to see whether there is more.
    case up
    /// As much below it again. What gets lost now is not of our making.
    case down
    case cruise
    /// Half a window, so that the round trip shows its floor.
    case probeMinimum

    /// What UP begins with, and what it grows to as long as each one finds more.
    static let firstUpGain = 1.25
    static let largestUpGain = 2.0

    /// What the rate is multiplied by.
    var gain: Double {
        switch self {
        case .startup: 2.77
        case .drain: 0.5
        case .up: Self.firstUpGain
        case .down: 0.8
        case .cruise, .probeMinimum: 1
        }
    }

    /// Whether transmissions of this phase teach what the path loses by itself.
    var isBelowRate: Bool { self == .down || self == .drain }
}

/// Tells when the search for the rate has found it: three rounds without a quarter more.
struct StartupWatch {
    private var best = 0.0
    private var roundsWithoutGrowth = 0

    /// A round has ended; says whether the rate has stopped growing.
    mutating func endRound(rate: Double, isApplicationLimited: Bool) -> Bool {
        if isApplicationLimited { return false }
        if rate >= self.best * 1.25 {
            self.best = rate
            self.roundsWithoutGrowth = 0
        } else {
            self.roundsWithoutGrowth += 1
        }
        return self.roundsWithoutGrowth >= 3
    }
}
