import DatagramIO
import Logging
import NIOCore
import PacketPrimitives
import Smux
import TunnelCore

/// A place for one session of a client's slot: makes it at the first use, replaces it when it has ended or expired, and
/// keeps those who want a stream waiting meanwhile.
final class ClientLane {
    private let loop: LoopContext
    private var configuration: ClientConfiguration
    private let log: HostLog
    private var state = State.idle
    private var waiting: [(HostedSession) -> Void] = []
    private weak var owner: (any ClientLaneOwner)?
    /// Since when it has had no streams, as far as its owner has noticed.
    var emptySince: Instant?
    /// Sessions that get no new streams: they have expired, or the settings have changed since.
    private var retired: [ClientConnection] = []
    private var expiryTimer: RepeatedTask?
    /// A session that is being made does not have the latest settings.
    private var isOutdated = false
    private var ended = HostStatistics()
    /// A session has worked, so the settings fit the server's.
    private(set) var knowsServer: Bool
    /// The last session ended before the server had said anything.
    private var hasFailed = false

    private enum State {
        case idle
        case connecting
        case up(ClientConnection)
    }

    /// Between two attempts to make a session (protocol 06 §5).
    private static let retryDelay = TimeAmount.seconds(1)
    /// How often expired sessions are looked at.
    private static let expiryInterval = TimeAmount.seconds(5)

    /// - Parameter knowsServer: another session with the server has worked.
    init(
        loop: LoopContext, configuration: ClientConfiguration, log: HostLog, knowsServer: Bool = false,
        owner: any ClientLaneOwner
    ) {
        self.loop = loop
        self.configuration = configuration
        self.log = log
        self.knowsServer = knowsServer
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
        if renewsSession {
            if case .connecting = self.state { self.isOutdated = true }
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
        return self.waiting.isEmpty && self.retired.isEmpty && self.current?.streamCount ?? 0 == 0
    }

    /// Gives up those who wait for a session.
    func takeWaiting() -> [(HostedSession) -> Void] {
        var waiting: [(HostedSession) -> Void] = []
        swap(&waiting, &self.waiting)
        return waiting
    }

    // MARK: Use

    /// Calls `body` with a session for a new stream, now or as soon as there is one.
    func withSession(_ body: @escaping (HostedSession) -> Void) {
        self.retireExpired()
        self.retireSilent()
        switch self.state {
        case .up(let connection):
            body(connection.session)
        case .connecting:
            self.waiting.append(body)
        case .idle:
            self.waiting.append(body)
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
    }

    var statistics: HostStatistics {
        var total = self.ended
        if case .up(let connection) = self.state { total += connection.statistics }
        for connection in self.retired { total += connection.statistics }
        return total
    }

    func close() {
        self.expiryTimer?.cancel()
        if case .up(let connection) = self.state { connection.session.end(.closed) }
        for connection in Array(self.retired) { connection.session.end(.closed) }
    }

    // MARK: Making a session

    private func connect() {
        self.state = .connecting
        self.isOutdated = false
        let port = UInt16.random(in: self.configuration.remote.ports)
        let resolved = AddressResolver.resolve(self.configuration.remote.host, port: port, on: self.loop.eventLoop)
        resolved.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let peer): self.dial(peer)
            case .failure(let error): self.connectLater(error)
            }
        }
    }

    private func dial(_ peer: PeerAddress) {
        ClientLink.dial(peer, self.configuration.host, on: self.loop) { result in
            switch result {
            case .success(let link): self.open(to: peer, over: link)
            case .failure(let error): self.connectLater(error)
            }
        }
    }

    private func open(to peer: PeerAddress, over link: ClientLink) {
        let connection = ClientConnection(
            to: peer, over: link, configuration: self.configuration, loop: self.loop, log: self.log,
            knowsServer: self.knowsServer
        ) { [weak self] connection in self?.connectionEnded(connection) }
        connection.open().assumeIsolated().whenComplete { result in
            switch result {
            case .success: self.connected(connection)
            case .failure(let error):
                connection.session.end(.closed)
                self.connectLater(error)
            }
        }
    }

    private func connected(_ connection: ClientConnection) {
        if self.isOutdated {
            connection.session.end(.closed)
            return self.connect()
        }
        self.state = .up(connection)
        self.owner?.laneConnected(self)
        // Sessions that nobody understands are tried again and again: one explanation is enough.
        if !self.hasFailed { connection.announce() }
        for body in self.takeWaiting() { body(connection.session) }
    }

    private func connectLater(_ error: any Error) {
        self.log.general.warning("re-connecting: \(self.configuration.remote.host): \(ErrorText.reason(of: error))")
        if self.owner?.laneFailed(self) == true { return self.state = .idle }
        self.loop.isolated.scheduleTask(in: Self.retryDelay) { self.connect() }
    }

    private func connectionEnded(_ connection: ClientConnection) {
        self.ended += connection.statistics
        self.hasFailed = !connection.session.hasHeardFrames
        if !self.hasFailed { self.knowsServer = true }
        self.retired.removeAll { $0 === connection }
        self.updateTimer()
        if case .up(let current) = self.state, current === connection { self.state = .idle }
    }

    // MARK: Expiry

    /// A session past `--autoexpire` gets no new streams.
    private func retireExpired() {
        guard self.configuration.autoExpire > 0, case .up(let connection) = self.state,
            self.age(of: connection) >= self.configuration.autoExpire
        else { return }
        self.retire(connection, because: "it has expired")
    }

    /// A server that does not answer any more may have lost the session, or a NAT the way to it. A new session shows it,
    /// from another port. One that has never worked is as good as a new one.
    private func retireSilent() {
        guard case .up(let connection) = self.state, connection.session.hasHeardFrames,
            let silence = connection.session.suspiciousSilence(now: self.loop.now)
        else { return }
        let seconds = (Double(silence) / 100).rounded() / 10
        self.retire(connection, because: "nothing has come from the server for \(seconds) s")
    }

    private func retire(_ connection: ClientConnection, because reason: String) {
        self.state = .idle
        self.retired.append(connection)
        self.updateTimer()
        self.log.general.info(
            "session \(connection.localAddress) -> \(connection.session.peer) gets no new streams: \(reason)")
    }

    /// Closes sessions without streams among those that get no new ones, and those that are past `--scavengettl`.
    private func scavenge() {
        self.retireExpired()
        for connection in Array(self.retired) {
            if connection.session.streamCount == 0 {
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
