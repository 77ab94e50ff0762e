import PacketPrimitives

/// Where the search for the path's rate stands.
enum SendingPhase: Equatable {
    /// Doubling until the rate stops growing or a queue forms.
    case startup
    /// Letting the queue that the search has built run empty.
    case drain
    /// A little above the rate, to see whether there is more.
    case up
    /// Below the rate, by as much as UP is above it at first. What gets lost now is not of our making.
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
}

/// The present phase, since when it lasts, and what is remembered from one search upwards to the next.
struct PhaseCycle {
    private(set) var phase = SendingPhase.startup
    private(set) var start: Instant
    /// Bandwidth when the search upwards began, bytes per second.
    private(set) var bandwidthBefore = 0.0
    /// What the rate is multiplied by in UP.
    private(set) var upGain = SendingPhase.firstUpGain

    init(now: Instant) { self.start = now }

    mutating func enter(_ phase: SendingPhase, bandwidth: Double, now: Instant) {
        self.phase = phase
        self.start = now
        if phase == .up { self.bandwidthBefore = bandwidth }
    }

    /// Each search that finds more makes the next one bolder.
    mutating func adaptGain(hasFoundMore: Bool) {
        self.upGain = hasFoundMore ? min(2 * self.upGain - 1, SendingPhase.largestUpGain) : SendingPhase.firstUpGain
    }
}
