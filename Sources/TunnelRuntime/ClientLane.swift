import DatagramIO
import Logging
import NIOCore
import PacketPrimitives
import Smux
import TunnelCore

/// A place for one session of a client's slot: makes it at the first use, replaces it when it has ended or expired, and
/// keeps those who want a stream waiting meanwhile.
final class ClientLane {
    let loop: LoopContext
    private(set) var configuration: ClientConfiguration
    let remotes: ClientRemotes
    let log: HostLog
    var state = State.idle
    /// While connecting; one that has failed goes on until the next begins.
    var attempt: SessionAttempt?
    /// While connecting and waiting for the next attempt.
    var retryTimer: Scheduled<Void>?
    /// While a session works: for one with a better remote.
    var betterAttempt: SessionAttempt?
    private var waiting: [WaitingStream] = []
    private(set) weak var owner: (any ClientLaneOwner)?
    /// Since when it has had no streams, as far as its owner has noticed.
    var emptySince: Instant?
    /// Sessions that get no new streams: they have expired, or the settings have changed since.
    private var retired: [ClientConnection] = []
    private var expiryTimer: RepeatedTask?
    var ended = HostStatistics()
    /// The last session ended before the server had said anything.
    private(set) var hasFailed = false
    /// With which server the last try has come to nothing, and why.
    var trouble: (remote: String, reason: String)?

    /// Somebody who wants a stream.
    struct WaitingStream {
        let since: Instant
        /// What to do with the session; `nil` if there will be none.
        let body: (HostedSession?) -> Void
    }

    enum State {
        case idle
        case connecting
        case up(ClientConnection)
    }

    /// How often expired sessions are looked at.
    private static let expiryInterval = TimeAmount.seconds(5)

    init(
        loop: LoopContext, configuration: ClientConfiguration, remotes: ClientRemotes, log: HostLog,
        owner: any ClientLaneOwner
    ) {
        self.loop = loop
        self.configuration = configuration
        self.remotes = remotes
        self.log = log
        self.owner = owner
        self.updateTimer()
    }

    /// Runs the timer that looks after expired sessions while there may be some.
    private func updateTimer() {
        let isNeeded = self.configuration.autoExpire > 0 || !self.retired.isEmpty
        if !isNeeded {
            self.expiryTimer?.cancel()
            self.expiryTimer = nil
        } else if self.expiryTimer == nil {
            self.expiryTimer = self.loop.isolated.scheduleRepeating(every: Self.expiryInterval) { self.scavenge() }
        }
    }

    /// Takes other settings over: what can change in the session that there is changes; if that is not enough, new
    /// streams get another one.
    func update(_ configuration: ClientConfiguration, renewsSession: Bool) {
        self.configuration = configuration
        for connection in self.connections { connection.session.update(configuration.host) }
        for attempt in [self.attempt, self.betterAttempt] { attempt?.update(configuration) }
        if renewsSession {
            self.endBetterAttempt()
            if case .connecting = self.state {
                self.endAttempt()
                self.connect()
            }
            if case .up(let connection) = self.state { self.retire(connection, because: "the settings have changed") }
        }
        self.updateTimer()
    }

    private var connections: [ClientConnection] {
        if case .up(let connection) = self.state { self.retired + [connection] } else { self.retired }
    }

    /// See `Leaving`. Connections that wait for a session count as one.
    func drain(_ patience: LeavingPatience) -> LeavingProgress {
        var progress = LeavingProgress()
        for connection in self.connections { progress.drain(connection.session, patience) }
        if !self.waiting.isEmpty { progress.busySessions += 1 }
        return progress
    }

    // MARK: Load

    /// The session that takes new streams, if there is one.
    private var current: HostedSession? {
        guard case .up(let connection) = self.state else { return nil }
        return connection.session
    }

    /// Whether a new stream gets a session at once.
    var isUp: Bool { self.current != nil }

    /// The shortest round trip of its session; `nil` as long as there is none.
    var roundTripMilliseconds: Int? { self.current?.minimumRoundTripMilliseconds }

    /// How many sessions there are.
    var sessionCount: Int { self.connections.count }

    /// What a new stream would have to share the session with.
    func load(now: Instant) -> LaneLoad {
        var load = self.current?.load(now: now) ?? LaneLoad()
        load.streamCount += self.waiting.count
        return load
    }

    /// Whether nobody uses it or is about to.
    var isEmpty: Bool {
        if case .connecting = self.state { return false }
        return self.waiting.isEmpty && self.retired.isEmpty && self.current?.isUnused ?? true
    }

    /// Gives up those who wait for a session.
    func takeWaiting() -> [WaitingStream] {
        var waiting: [WaitingStream] = []
        swap(&waiting, &self.waiting)
        return waiting
    }

    // MARK: Use

    /// Lets those go who have waited for long while nothing has ever worked. Returns whether nobody is left who waits.
    func dismissHopeless(now: Instant) -> Bool {
        guard self.remotes.isHopeless, !self.remotes.hasEverSpoken else { return false }
        let stale = self.waiting.filter { now.milliseconds(since: $0.since) >= AnswerWatch.limitMilliseconds }
        guard !stale.isEmpty else { return false }
        self.waiting.removeAll { now.milliseconds(since: $0.since) >= AnswerWatch.limitMilliseconds }
        for stream in stale { stream.body(nil) }
        return self.waiting.isEmpty
    }

    /// Gives a new stream a session, now or as soon as there is one.
    func serve(_ stream: WaitingStream) {
        self.endFailed()
        self.retireExpired()
        self.retireExhausted()
        self.retireSilent()
        switch self.state {
        case .up(let connection):
            stream.body(connection.session)
            self.lookForBetter(than: connection)
        case .connecting:
            self.waiting.append(stream)
            if self.retryTimer != nil { self.connect(isUrgent: true) }
        case .idle:
            self.waiting.append(stream)
            self.connect()
        }
    }

    func add(to snapshot: inout HostSnapshot) {
        snapshot.totals += self.ended
        switch self.state {
        case .idle: break
        case .connecting: snapshot.connectingCount += 1
        case .up(let connection): connection.add(to: &snapshot, .established)
        }
        for connection in self.retired { connection.add(to: &snapshot, .expiring) }
        if let trouble, !self.isServed { snapshot.failedRemotes[trouble.remote] = trouble.reason }
    }

    /// Whether a server has answered in the session that new streams get.
    private var isServed: Bool {
        if case .up(let connection) = self.state { connection.session.hasHeardFrames } else { false }
    }

    var statistics: HostStatistics {
        var total = self.ended
        if case .up(let connection) = self.state { total += connection.statistics }
        for connection in self.retired { total += connection.statistics }
        return total
    }

    func close() {
        self.expiryTimer?.cancel()
        self.endAttempt()
        self.endBetterAttempt()
        if case .up(let connection) = self.state { connection.session.end(.closed) }
        for connection in Array(self.retired) { connection.session.end(.closed) }
    }

    // MARK: Expiry

    /// A session past `--autoexpire` gets no new streams.
    private func retireExpired() {
        guard self.configuration.autoExpire > 0, case .up(let connection) = self.state,
            self.age(of: connection) >= self.configuration.autoExpire
        else { return }
        self.retire(connection, because: "it has expired")
    }

    /// A session that has failed in this pass of the loop ends at the end of it, but takes no stream any more.
    private func endFailed() {
        guard case .up(let connection) = self.state, connection.session.hasFailed else { return }
        connection.session.run(now: self.loop.now)
    }

    private func retireExhausted() {
        guard case .up(let connection) = self.state, !connection.session.hasUnusedIDs else { return }
        self.retire(connection, because: "its streams have used up all numbers")
    }

    /// A server that does not answer any more may have lost the session, or a NAT the way to it. A new session shows it,
    /// from another port. One that has never worked is as good as a new one, unless there is another server to go to.
    private func retireSilent() {
        guard case .up(let connection) = self.state, connection.session.hasHeardFrames || !self.remotes.isFixed,
            let silence = connection.session.suspiciousSilence(now: self.loop.now)
        else { return }
        self.note(.silent(milliseconds: silence), of: connection)
        self.retire(
            connection, because: "nothing has come from the server for \(RemoteFailure.seconds(silence)) s")
    }

    /// Takes note that a session has failed its remote. Where there is no choice, nothing is to be learned from it.
    private func note(_ failure: RemoteFailure, of connection: ClientConnection) {
        guard !self.remotes.isFixed else { return }
        self.remotes.noteFailure(
            connection.endpoint, failure, start: connection.session.created, loop: self.loop)
    }

    func retire(_ connection: ClientConnection, because reason: String) {
        self.state = .idle
        self.retired.append(connection)
        self.updateTimer()
        self.log.general.info(
            "session \(connection.localAddress) -> \(connection.session.peer) gets no new streams: \(reason)")
    }

    /// Closes sessions that nobody uses among those that get no new streams, and those that are past `--scavengettl`.
    private func scavenge() {
        self.retireExpired()
        for connection in Array(self.retired) {
            if connection.session.isUnused {
                self.log.general.info("scavenger: session normally closed: \(connection.localAddress)")
                connection.session.end(.closed)
            } else if self.isPastLimit(connection) {
                self.log.general.info("scavenger: session closed due to ttl: \(connection.localAddress)")
                connection.session.end(.closed)
            }
        }
    }

    private func isPastLimit(_ connection: ClientConnection) -> Bool {
        let limit = self.configuration.autoExpire + max(0, self.configuration.scavengeTTL)
        return self.configuration.autoExpire > 0 && self.age(of: connection) >= limit
    }

    private func age(of connection: ClientConnection) -> Int {
        self.loop.now.milliseconds(since: connection.session.created) / 1000
    }
}

extension ClientLane: ClientConnectionOwner {
    func connectionAnswered(_ connection: ClientConnection) {
        self.remotes.noteAnswer(connection.endpoint, now: self.loop.now)
    }

    /// The session keeps its streams, as anybody may have sent the refusal.
    func connection(_ connection: ClientConnection, refusedBecauseOf error: any Error) {
        guard !self.remotes.isFixed, connection.session.isWaiting, case .up(let current) = self.state,
            current === connection
        else { return }
        let reason = ErrorText.reason(of: error)
        self.note(.refused(reason), of: connection)
        self.retire(connection, because: reason)
    }

    func connection(_ connection: ClientConnection, ended failure: SessionFailure) {
        let hasWorked = connection.session.hasHeardFrames
        self.ended += connection.statistics
        self.hasFailed = !hasWorked
        let reason = failure.explanation(of: connection.session)
        self.trouble = hasWorked ? nil : reason.map { ("\(connection.session.peer)", $0) } ?? self.trouble
        if hasWorked { self.remotes.noteSpeaking(connection.endpoint.remote) }
        self.retired.removeAll { $0 === connection }
        self.updateTimer()
        guard case .up(let current) = self.state, current === connection else { return }
        self.state = .idle
        if !hasWorked, let reason {
            self.note(.ended(reason), of: connection)
        }
    }
}
