import PacketPrimitives

// When one phase of sending follows another.
extension PathController {
    private static let minimumLifetimeMicroseconds = 10_000_000

    func enter(_ phase: SendingPhase, now: Instant) {
        self.cycle.enter(phase, bandwidth: self.bandwidth.value, now: now)
    }

    func endStartup(now: Instant) {
        self.floor.endStartup()
        self.search.finish(withheld: self.restraint.withheld, now: now)
        self.enter(.drain, now: now)
    }

    private func resumeSearch(now: Instant) {
        let window = Int(self.rate * self.responseTime / 1e6)
        self.search.resume(delivered: self.delivery.delivered, window: window)
        self.enter(.startup, now: now)
    }

    /// Goes on to the next phase where the present one is over.
    func advancePhase(now: Instant) {
        guard let minimum = self.roundTrip.minimum else { return }
        let elapsed = Double(now.microseconds(since: self.cycle.start))
        let queueing = self.roundTrip.queueing
        switch self.phase {
        case .startup:
            if self.floor.isFlooding { return self.endStartup(now: now) }
            if self.search.isCut(by: queueing, target: self.seemingTarget) { self.endStartup(now: now) }
        case .drain:
            let window = self.rate * (minimum + self.roundTrip.acknowledgementDelay / 2) / 1e6
            let isDrained = Double(self.inFlightByteCount) <= window || queueing < self.queueLimit / 4
            if isDrained { self.enter(.up, now: now) }
        case .up:
            let isOver = queueing > self.queueLimit || elapsed > minimum + self.roundTrip.acknowledgementDelay / 2
            if isOver { self.enter(.down, now: now) }
        case .down:
            if elapsed > minimum { self.endDown(queueing: queueing, now: now) }
        case .cruise:
            if now.microseconds(since: self.roundTrip.confirmed) > Self.minimumLifetimeMicroseconds {
                self.probedMinimum = .infinity
                self.enter(.probeMinimum, now: now)
            } else if elapsed > max(min(8 * minimum, 1_000_000), 50_000) {
                self.enter(.up, now: now)
            }
        case .probeMinimum:
            let isOver = elapsed > 50_000 + 2 * minimum + self.roundTrip.acknowledgementDelay
            if isOver { self.endMinimumProbe(now: now) }
        }
    }

    /// Whether the search upwards has found more is known now.
    private func endDown(queueing: Double, now: Instant) {
        let hasGrown = self.bandwidth.value > self.cycle.bandwidthBefore * 1.1
        let isUnfinished = self.search.isUnfinished(
            hasGrown: hasGrown, queueing: queueing, target: self.seemingTarget, withheld: self.arrived.withheld)
        if isUnfinished { return self.resumeSearch(now: now) }
        self.cycle.adaptGain(hasFoundMore: hasGrown && self.foreign.value == 0)
        self.enter(hasGrown ? .up : .cruise, now: now)
    }

    private func endMinimumProbe(now: Instant) {
        let minimum = self.roundTrip.minimum ?? 0
        if self.probedMinimum < .infinity {
            // While others hold the queue, what we see is not the floor.
            let isDoubtful = self.governor.factor < 1
            let largest = isDoubtful ? minimum * 1.1 : .infinity
            self.foreign.limit(to: self.probedMinimum - minimum)
            self.trips.replaceMinimum(min(self.probedMinimum, largest), now: now)
        }
        self.enter(.up, now: now)
    }
}
