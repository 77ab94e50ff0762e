import NIOCore
import TunnelCore

// What a session holds, and what the loop's budget lets it hold.
extension HostedSession {
    /// What it really holds, bytes.
    private var heldByteCount: Int {
        self.session.heldByteCount + self.streamByteCount
    }

    private var streamByteCount: Int {
        self.bytesTowardTunnel + self.bytesFromTunnel + self.openStreamCount * MemoryBudget.streamByteCount
    }

    /// Tells the loop what the session holds now, and does what that comes to. After each pass.
    func account() {
        // Streams that have to begin again may still read.
        guard !self.isEnded else { return }
        let held = self.heldByteCount
        let counted = max(held, MemoryBudget.sessionByteCount)
        if counted != self.countedByteCount {
            self.loop.memory.change(by: counted - self.countedByteCount)
            self.countedByteCount = counted
        }
        let allowance = self.loop.memory.allowance(holding: held)
        self.loop.receiveMemory.isScarce = self.loop.memory.level > .free
        guard allowance != nil || self.allowance != nil else { return }
        self.holdBack(allowance, holding: held)
    }

    private func holdBack(_ allowance: Int?, holding held: Int) {
        if self.allowance == nil { self.loop.memory.shedding.heldBackSessions += 1 }
        self.allowance = allowance
        let wasReading = self.mayRead
        self.mayRead = allowance.map { held < $0 } ?? true
        let holdsInput = allowance.map { self.bytesFromTunnel > $0 / 2 } ?? false
        let goesOn = self.session.limitMemory(
            to: allowance, streamByteCount: self.streamByteCount, holdsInput: holdsInput, now: self.loop.now)
        if self.mayRead, !wasReading { self.readFurther() }
        if goesOn || self.mayRead != wasReading { self.loop.enqueue(self) }
        if allowance != nil { self.loop.lookAgain(at: self) }
    }

    /// The session is over and holds nothing any more.
    func forgetMemory() {
        self.loop.memory.change(by: -self.countedByteCount)
        self.countedByteCount = 0
        self.loop.memory.limit.sessionEnded()
    }
}

extension LoopContext {
    private static var lookInterval: TimeAmount { .milliseconds(50) }

    /// Lets a session that is held back look soon whether that is still necessary: others may have made room.
    func lookAgain(at session: HostedSession) {
        guard !session.isLookedAt else { return }
        session.isLookedAt = true
        self.isolated.scheduleTask(in: Self.lookInterval) {
            session.isLookedAt = false
            self.enqueue(session)
        }
    }

    /// Whether there is room for another session or stream; if not says so now and then.
    func hasRoom(for what: String, log: HostLog) -> Bool {
        guard self.memory.level == .full else { return true }
        log.shed(
            "memory", now: self.now,
            "no new \(what): connections hold all of the \(self.memory.limit.byteCount >> 20) MiB that --memlimit lets them"
                + " hold; raise it, or lower --sndwnd, --rcvwnd, --smuxbuf and --streambuf")
        return false
    }
}
