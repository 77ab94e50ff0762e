import PacketPrimitives

// What a round tells about the queue and the losses.
extension PathController {
    func endRound(now: Instant) {
        let hasExcessLoss = self.floor.endRound()
        self.hasMessages = self.messages.isActive(now: now)
        if !self.round.isApplicationLimited { self.noteTransfer(now: now) }
        let queueing = self.round.minimum < .infinity ? self.round.minimum - (self.roundTrip.minimum ?? 0) : 0
        let showsNothing = self.round.isApplicationLimited && !self.shares.wasKeptBack(since: self.round.start)
        if self.phase == .startup {
            let isOver = self.search.endRound(rate: self.bandwidth.value, isApplicationLimited: showsNothing)
            if isOver || hasExcessLoss { self.endStartup(now: now) }
        } else if self.phase != .drain {
            self.governRound(queueing: queueing, hasExcessLoss: hasExcessLoss, now: now)
        }
        if self.showsWhatPathCanDo(queueing: queueing) { self.bandwidth.startRound() }
        if self.phase == .startup, showsNothing {
            self.search.begin(delivered: self.delivery.delivered, window: self.inFlightByteCount)
        }
        self.round.endAndBegin(delivered: self.delivery.delivered, inFlight: self.inFlightByteCount, now: now)
    }

    /// Where the sender has nothing to send, or holds back, the path cannot show what it can do; what it has shown holds.
    private func showsWhatPathCanDo(queueing: Double) -> Bool {
        if self.round.isApplicationLimited { return false }
        return self.governor.factor > 0.95 || queueing > self.queueLimit || self.governor.isBraked
    }

    private func governRound(queueing: Double, hasExcessLoss: Bool, now: Instant) {
        // Who sends little makes no queue, and does not see what the path can do. A transfer that the peer's window limits
        // has more than may leave now and then.
        let sendsLittle = self.round.isApplicationLimited && !self.shares.hasClaim(since: self.round.start)
        if queueing <= self.queueLimit || !sendsLittle { self.governQueue(queueing) }
        guard hasExcessLoss else { return }
        self.governor.brake()
        if self.phase == .up { self.enter(.down, now: now) }
    }

    private func governQueue(_ queueing: Double) {
        if let before = self.foreign.endRound(
            queueing: queueing, limit: self.seemingTarget / 2 + 2 * self.foreign.value, withheld: self.arrived.withheld,
            isHeldBack: self.governor.factor < 0.65, bandwidth: self.bandwidth.value)
        {
            self.governor.release()
            self.bandwidth.add(before)
            return
        }
        let verdict = self.governor.endRound(
            queueing: queueing, target: self.queueLimit, delivered: self.round.rate / self.bandwidth.value,
            isForeign: self.foreign.value > 0)
        if verdict == .believeDelivered {
            self.bandwidth.reset(to: max(self.round.rate, self.round.formerRate))
            self.foreign.restart(withheld: self.arrived.withheld)
        }
    }
}
