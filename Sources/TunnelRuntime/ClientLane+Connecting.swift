import NIOCore
import PacketPrimitives

// Making a session, and a better one.
extension ClientLane {
    /// How often a lane that waits looks whether another one has found a remote that works.
    private static let lookMilliseconds = 1000

    /// Tries what the remotes' state suggests, now or when its time has come.
    /// - Parameter isUrgent: somebody has just come who waits.
    func connect(isUrgent: Bool = false) {
        self.state = .connecting
        self.retryTimer?.cancel()
        self.retryTimer = nil
        let now = self.loop.now
        if self.dismissHopeless(now: now) { return self.rest() }
        switch self.remotes.next(now: now, isUrgent: isUrgent) {
        case .attempt(let remote):
            self.attempt?.cancel()
            self.attempt = self.begin(remote)
        case .wait(let time):
            // An attempt that has failed goes on until then: its server may only be slow.
            let milliseconds = min(time.milliseconds(since: now) + 1, Self.lookMilliseconds)
            self.retryTimer = self.loop.isolated.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
                self.connect(isUrgent: isUrgent)
            }
        }
    }

    private func begin(_ remote: PortRange) -> SessionAttempt {
        let attempt = SessionAttempt(
            remote, of: self.remotes, configuration: self.configuration, loop: self.loop, log: self.log, owner: self)
        // It may be over at once, and must be known by then.
        self.loop.isolated.execute { attempt.begin() }
        return attempt
    }

    func endAttempt() {
        self.retryTimer?.cancel()
        self.retryTimer = nil
        self.attempt?.cancel()
        self.attempt = nil
    }

    /// Looks whether a remote that should be preferred works again, or at last.
    func lookForBetter(than connection: ClientConnection) {
        guard self.betterAttempt == nil,
            let remote = self.remotes.better(than: connection.endpoint.remote, now: self.loop.now)
        else { return }
        self.betterAttempt = self.begin(remote)
    }

    func endBetterAttempt() {
        self.betterAttempt?.cancel()
        self.betterAttempt = nil
    }

    private func connected(_ connection: ClientConnection) {
        connection.owner = self
        self.endAttempt()
        self.state = .up(connection)
        self.owner?.laneConnected(self)
        // Sessions that nobody understands are tried again and again: one explanation is enough.
        if !self.hasFailed { connection.announce() }
        for stream in self.takeWaiting() { stream.body(connection.session) }
    }
}

extension ClientLane: SessionAttemptOwner {
    func attempt(_ attempt: SessionAttempt, made connection: ClientConnection) {
        if attempt === self.betterAttempt {
            self.betterAttempt = nil
            if case .up(let current) = self.state {
                self.retire(current, because: "\(connection.endpoint) comes first and answers")
            }
        }
        self.connected(connection)
    }

    func attemptFailed(_ attempt: SessionAttempt, _ failure: RemoteFailure) {
        if attempt === self.betterAttempt { return self.endBetterAttempt() }
        if self.remotes.isHopeless {
            attempt.explain(failure)
            self.trouble = (attempt.remote.host, "\(failure)")
            self.log.shed(
                "re-connecting \(attempt.remote)", now: self.loop.now,
                "re-connecting: \(attempt.remote.host): \(failure)\(self.hint(to: failure, of: attempt.remote))")
        }
        guard self.owner?.laneFailed(self) == true else { return self.connect() }
        self.rest()
    }

    /// Only behind a connection of its own does a server refuse before a session has begun.
    private func hint(to failure: RemoteFailure, of remote: PortRange) -> String {
        guard case .refused = failure, self.configuration.host.disguisesAsTCP else { return "" }
        return " (port \(remote.ports.lowerBound)); does the server run there, with --tcp?"
    }

    /// Nobody waits for a session any more.
    private func rest() {
        self.endAttempt()
        self.state = .idle
    }

    func attempt(_ attempt: SessionAttempt, lost connection: ClientConnection) { self.ended += connection.statistics }
}
