public import PacketPrimitives

extension Instant {
    /// The millisecond clock without the wrap.
    @inline(__always)
    var wholeMilliseconds: UInt64 { self.microseconds / 1000 }
}

/// The rhythm of the original's session timer: a full flush every `interval`, here only while one has something to do.
struct FlushCadence {
    /// The last flush of the rhythm, or when the first was asked for.
    private var anchor: Instant?
    /// When the next one is due; `nil` while there is nothing for it.
    private(set) var next: Instant?

    /// The next flush has, or has not, something to do. The rhythm goes on while it rests.
    mutating func set(isNeeded: Bool, now: Instant, intervalMilliseconds: Int) {
        guard isNeeded else {
            self.next = nil
            return
        }
        guard self.next == nil else { return }
        let interval = intervalMilliseconds * 1000
        let anchor = self.anchor ?? now
        self.anchor = anchor
        let elapsed = now.microseconds(since: anchor)
        self.next = anchor.advanced(microseconds: (elapsed / interval + 1) * interval)
    }

    /// A flush of the rhythm happens now.
    mutating func restart(now: Instant) {
        self.anchor = now
        self.next = nil
    }
}

// When to come back.
//
// The original flushes every `interval` milliseconds for ever, and earlier if a retransmission timeout passes before.
// A flush that has nothing to do cannot be seen from outside, so those are left out: the cadence is kept only while
// acknowledgements, a probe, skipped segments (rule c) or segments that the window now lets out wait for it. Segments
// that only wait for their timeout need the timeout itself.
extension Conversation {
    /// How long an idle conversation keeps the memory that its last transfer needed.
    private static var memoryGraceMilliseconds: Int { 1000 }
    /// Less memory than this is kept for ever.
    private static var keptByteCount: Int { 8192 }

    /// When `handleTimeout` should be called if nothing else happens. `nil`: never; nothing is in flight, nothing waits
    /// to be sent, and the memory of earlier transfers has been given back.
    public var nextTimeout: Instant? {
        var next = Instant.earliest(self.cadence.next, self.trimTime)
        if let deadline = self.sending.wheel.earliest {
            next = Instant.earliest(next, Instant(milliseconds: deadline))
        }
        next = Instant.earliest(next, .earliest(self.probeDeadline, self.prompt?.deadline))
        next = Instant.earliest(next, .earliest(self.control.copies.deadline, self.control.gathering))
        if self.remoteWindow == 0, self.probe.wait > 0 {
            next = Instant.earliest(next, Instant(milliseconds: self.probe.deadline))
        }
        return next
    }

    /// Does what is due: a flush of the cadence, and with a path controller a transmission that asks for missing
    /// acknowledgements, and copies of sparse traffic. Returns whether the conversation has been idle for so long that
    /// it gave memory back, which the layers above may do too.
    @discardableResult
    public mutating func handleTimeout(now: Instant) -> Bool {
        let isIdle = self.trimTime.map { $0 <= now } ?? false
        if isIdle { self.trim() }
        if let deadline = self.probeDeadline, deadline <= now { self.sendProbe(now: now) }
        self.control.copies.release(now: now)
        self.endGathering(now: now)
        guard let next = self.nextTimeout, next <= now else { return isIdle }
        self.flushAll(now: now)
        self.cadence.restart(now: now)
        self.updateCadence(now: now)
        return isIdle
    }

    /// To be called at the end of whatever may have given the cadence something to do, or nothing.
    mutating func updateCadence(now: Instant) {
        let isNeeded = self.needsCadence
        self.cadence.set(
            isNeeded: isNeeded, now: now, intervalMilliseconds: self.configuration.intervalMilliseconds)
        self.updateTrimTime(isIdle: !isNeeded, now: now)
    }

    private var needsCadence: Bool {
        if self.acknowledgements.count > 0 || self.probe.mustAsk || self.probe.mustTell
            || self.remoteWindow == 0 && self.probe.wait == 0
        {
            return true
        }
        guard self.control.path == nil else { return false }
        return self.sending.hasUnsent || !self.sending.skipped.isEmpty
            || self.sending.queuedByteCount > 0
                && self.sending.inFlightCount < self.congestion.applied(to: self.peerLimitedWindow)
    }

    private mutating func updateTrimTime(isIdle: Bool, now: Instant) {
        guard isIdle, self.sending.inFlightCount == 0 else {
            self.trimTime = nil
            return
        }
        guard self.trimTime == nil else { return }
        let spare = self.sending.spareByteCount + self.receiving.spareByteCount
        if spare > Self.keptByteCount {
            self.trimTime = now.advanced(milliseconds: Self.memoryGraceMilliseconds)
        }
    }

    private mutating func trim() {
        self.sending.trim()
        self.receiving.trim()
        self.acknowledgements.trim()
        self.control.log.trim()
        self.prompt?.trim()
        self.trimTime = nil
    }

    /// What the original's flush returns: how long its timer sleeps after a flush at `now`, milliseconds.
    func millisecondsToNextFlush(now: Instant) -> Int {
        let interval = self.configuration.intervalMilliseconds
        guard let deadline = self.sending.wheel.earliest else { return interval }
        return min(interval, Int(deadline - now.wholeMilliseconds))
    }
}
