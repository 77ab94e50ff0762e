package import PacketPrimitives

// What the conversations that share a path have to do with one another.
extension PathController {
    /// Somebody begins to use the path; returns how it is called here.
    package func join() -> Int { self.shares.join() }

    /// It ends, with so many bytes of its own in flight.
    package func leave(_ member: Int, inFlightByteCount: Int) {
        self.shares.leave(member)
        self.dropInFlight(inFlightByteCount)
    }

    // MARK: Pacing

    /// How many bytes the pacing lets out for a member now.
    package func pacingAllowance(of member: Int, now: Instant) -> Int {
        let rate = self.pacingRate
        return Int(
            self.shares.allowance(of: member, rate: rate, datagramByteCount: self.datagramByteCount, now: now))
    }

    /// Notes what has left, and what keeps the rest from leaving.
    package func spend(_ byteCount: Int, by member: Int, need: SendingNeed, now: Instant) {
        self.shares.spend(byteCount, by: member)
        self.shares.setNeed(of: member, to: need, now: now)
    }

    /// When a member's next train may leave, if one waits.
    package func nextTrain(of member: Int) -> Instant? {
        self.shares.nextTrain(of: member, rate: self.pacingRate, datagramByteCount: self.datagramByteCount)
    }

    // MARK: Window

    /// How many more bytes a conversation may have in flight that has `own` there. However much the others have, each
    /// is entitled to its part: one with nothing in flight would hear nothing that tells it to go on.
    package func room(besides own: Int) -> Int {
        let window = self.windowByteCount
        let part = max(window / Double(max(2, self.shares.claimantCount)), self.datagramByteCount)
        return Int(max(window - Double(self.inFlightByteCount), part - Double(own)))
    }

    /// Whether a datagram of it may leave.
    package func hasRoom(besides own: Int) -> Bool {
        // Mostly there is room whoever asks.
        if self.windowByteCount - Double(self.inFlightByteCount) >= self.datagramByteCount { return true }
        return self.room(besides: own) >= Int(self.datagramByteCount)
    }

    // MARK: Sparse traffic

    /// One of several transmissions of a segment that has arrived: whether this one has is not known.
    /// - Parameter isSuspect: if it had, the peer would most likely have said so.
    package func dismiss(_ stamp: SendStamp, byteCount: Int, isSuspect: Bool) {
        self.dropInFlight(byteCount)
        // The acknowledgement may be what got lost, with the same probability.
        if isSuspect, stamp.kind == .message { self.losses.add(lost: 0.5, sent: stamp.sent) }
        // Of copies a peer that says everything once tells little. Where they are many the rate would seem to be less.
        if !isSuspect, stamp.kind == .copy {
            self.delivery.presume(byteCount: Int(Double(byteCount) * (1 - (self.recentLoss.share ?? 0))))
        }
    }

    /// Takes bytes for a copy out of the budget; `false`: there may be none now.
    /// - Parameter isOptional: it is worth it only if there is plenty.
    package func takeCopyBudget(_ byteCount: Int, isOptional: Bool = false, now: Instant) -> Bool {
        self.messages.note(now: now)
        let share = CopyBudget.share * self.pacingRate
        // A rate that the operator has set holds for an idle path too.
        let idle = self.isRateFixed ? min(share, CopyBudget.idleRate) : CopyBudget.idleRate
        let rate = self.shares.isBusy(now: now) ? share : idle
        return self.copyBudget.take(byteCount, isOptional: isOptional, bytesPerSecond: rate, now: now)
    }
}
