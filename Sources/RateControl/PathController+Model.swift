import PacketPrimitives

// What follows from the model: how much may be sent, and how fast.
extension PathController {
    static let initialWindow = 64.0
    private static let leastWindow = 16.0
    private static let firstFlightSeconds = 0.02

    /// The rate that the path seems to take.
    package var rate: Double { self.governor.factor * self.bandwidth.value / (1 - self.floor.value) }

    /// Draws the conclusions that sending goes by, once for every datagram of acknowledgements instead of for every packet.
    func concludeModel() {
        self.conclusion.gain = self.currentGain
        self.conclusion.isBelowRate = self.isBelowRate
        self.conclusion.window = self.currentWindow
        self.conclusion.pace = self.currentPacingRate
        if self.roundTrip.queueing > self.seemingTarget / 2 { self.shares.dropReserve() }
    }

    private var currentPacingRate: Double {
        if self.fixedRate > 0 { return self.fixedRate }
        guard self.roundTrip.minimum != nil, self.bandwidth.value > 0 else {
            return self.windowByteCount / Self.firstFlightSeconds
        }
        let rate = self.conclusion.gain * self.rate
        guard self.phase == .startup else { return max(rate, 2 * self.datagramByteCount) }
        return max(rate, 1.1 * self.windowByteCount / (self.roundTrip.smoothed / 1e6))
    }

    private var currentGain: Double {
        switch self.phase {
        case .cruise where self.roundTrip.queueing > self.queueLimit: 0.9
        case .up: self.upGain
        default: self.phase.gain
        }
    }

    /// The search for more makes a queue of its own, a quarter of a round trip long, that messages wait in.
    private var upGain: Double {
        self.hasMessages ? 1 + Self.upShareWithMessages * (self.cycle.upGain - 1) : self.cycle.upGain
    }

    private static let upShareWithMessages = 0.6

    /// What a datagram takes at the path's rate, microseconds.
    package var datagramTime: Double {
        self.bandwidth.value > 0 ? self.datagramByteCount / self.bandwidth.value * 1e6 : 0
    }

    private var currentWindow: Double {
        let least = Self.leastWindow * self.datagramByteCount
        if self.fixedRate > 0 { return max(least, 2 * self.fixedRate * self.responseTime / 1e6) }
        if self.phase == .startup {
            let least = Self.initialWindow * self.datagramByteCount
            return self.search.window(delivered: self.delivery.delivered, least: least)
        }
        if self.phase == .probeMinimum { return max(least / 4, self.rate * (self.roundTrip.minimum ?? 0) / 2e6) }
        return max(least, self.rate * (self.phase == .up ? self.upGain : 1) * self.responseTime / 1e6)
    }

    /// How long a transmission may be open in the regular course: the trip, the peer's patience, and ours until it
    /// counts as lost.
    var responseTime: Double {
        (self.roundTrip.minimum ?? 1e6) + self.roundTrip.acknowledgementDelay + self.reorderWindow + self.seemingTarget
            + 2 * self.foreign.value
    }

    /// How long the bottleneck's queue may stand.
    var queueTarget: Double { self.queueTarget(rate: self.rate) }

    private func queueTarget(rate: Double) -> Double {
        let three = rate > 0 ? 3 * self.datagramByteCount / rate * 1e6 : 0
        let target = max(5000, three, min(20_000, (self.roundTrip.minimum ?? 0) / 4))
        return self.hasMessages ? Self.targetShareWithMessages * target : target
    }

    private static let targetShareWithMessages = 0.8

    /// How long it may seem to be: twice what is not ours, or we would give way to whoever holds it.
    var queueLimit: Double { self.seemingTarget + 2 * self.foreign.value }

    /// With the queue that a sender like us lets stand on the way back.
    var seemingTarget: Double { self.queueTarget + self.oncomingQueue }

    private static let longestOncomingQueue = 25_000.0

    private var oncomingQueue: Double {
        guard self.oncoming.isActive else { return 0 }
        return min(self.queueTarget(rate: self.oncoming.rate), Self.longestOncomingQueue)
    }

    /// Whether what gets lost now is the path's own loss: we do not fill the queue, and if others did there would be one.
    private var isBelowRate: Bool {
        if self.phase == .drain { return true }
        guard self.roundTrip.queueing < self.seemingTarget / 2 else { return false }
        return self.phase == .down || (self.phase == .cruise && self.governor.factor < 0.95)
    }
}
