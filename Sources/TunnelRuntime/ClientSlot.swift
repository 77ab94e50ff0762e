import NIOCore
import PacketPrimitives
import TunnelCore

/// What a lane tells the slot that it belongs to.
protocol ClientLaneOwner: AnyObject {
    /// It has made a session.
    func laneConnected(_ lane: ClientLane)
    /// It could not make a session. True: others look after those who wait for it.
    func laneFailed(_ lane: ClientLane) -> Bool
}

/// One of a client's `--conn` places. KCP delivers one ordered stream: a message behind a transfer waits for the repair
/// of all that the transfer has lost, so with rate control new streams are kept away from transfers and from streams that
/// they would hold up if they became one, in a further session if need be. A stream stays where it is, whatever becomes
/// of it.
final class ClientSlot: ClientLaneOwner {
    private let loop: LoopContext
    private var configuration: ClientConfiguration
    private let remotes: ClientRemotes
    private let log: HostLog
    /// Never empty: the first one stays.
    private var lanes: [ClientLane] = []
    private var sweepTimer: RepeatedTask?
    /// Of lanes that are gone.
    private var ended = HostStatistics()
    private var mostSessions = 0

    private static let laneLimit = 3
    /// A further lane is closed when it has had no streams for so long.
    private static let emptyMilliseconds = 30_000
    private static let sweepInterval = TimeAmount.seconds(5)

    init(loop: LoopContext, configuration: ClientConfiguration, remotes: ClientRemotes, log: HostLog) {
        self.loop = loop
        self.configuration = configuration
        self.remotes = remotes
        self.log = log
        self.addLane()
    }

    // MARK: Use

    /// Calls `body` with a session for a new stream, now or as soon as there is one; with `nil` when it seems that there
    /// will be none.
    func withSession(_ body: @escaping (HostedSession?) -> Void) {
        let lane = self.laneForStream()
        lane.emptySince = nil
        lane.serve(.init(since: self.loop.now, body: body))
    }

    private func laneForStream() -> ClientLane {
        guard self.configuration.host.session.rules != .original else { return self.lanes[0] }
        let now = self.loop.now
        let roundTrip = self.lanes.compactMap(\.roundTripMilliseconds).min()
        let loads = self.lanes.map { $0.load(now: now) }
        switch LaneLoad.choice(among: loads, limit: Self.laneLimit, roundTrip: roundTrip) {
        case .lane(let index): return self.lanes[index]
        case .another: return self.addLane()
        }
    }

    /// What all its lanes carry.
    func load(now: Instant) -> LaneLoad {
        self.lanes.reduce(into: LaneLoad()) { $0 += $1.load(now: now) }
    }

    // MARK: Lanes

    @discardableResult
    private func addLane() -> ClientLane {
        let lane = ClientLane(
            loop: self.loop, configuration: self.configuration, remotes: self.remotes, log: self.log, owner: self)
        self.lanes.append(lane)
        if self.lanes.count > 1, self.sweepTimer == nil {
            self.sweepTimer = self.loop.isolated.scheduleRepeating(every: Self.sweepInterval) { self.sweep() }
        }
        return lane
    }

    func laneConnected(_ lane: ClientLane) {
        self.mostSessions = max(self.mostSessions, self.lanes.reduce(0) { $0 + $1.sessionCount })
    }

    /// While another lane works, nobody waits for a further one.
    func laneFailed(_ lane: ClientLane) -> Bool {
        guard lane !== self.lanes[0], let other = self.lanes.first(where: { $0.isUp }) else { return false }
        for stream in lane.takeWaiting() { other.serve(stream) }
        return true
    }

    /// Closes further lanes that nobody has used for a while.
    private func sweep() {
        let now = self.loop.now
        for lane in self.lanes.dropFirst() {
            guard lane.isEmpty else {
                lane.emptySince = nil
                continue
            }
            let since = lane.emptySince ?? now
            lane.emptySince = since
            if now.milliseconds(since: since) >= Self.emptyMilliseconds { self.remove(lane) }
        }
        guard self.lanes.count == 1 else { return }
        self.sweepTimer?.cancel()
        self.sweepTimer = nil
    }

    private func remove(_ lane: ClientLane) {
        lane.close()
        self.ended += lane.statistics
        self.lanes.removeAll { $0 === lane }
    }

    // MARK: All lanes

    /// Takes other settings over: what can change in the sessions that there are changes; if that is not enough, new
    /// streams get other ones.
    func update(_ configuration: ClientConfiguration, renewsSession: Bool) {
        self.configuration = configuration
        for lane in self.lanes { lane.update(configuration, renewsSession: renewsSession) }
    }

    /// See `Leaving`.
    func drain(_ patience: LeavingPatience) -> LeavingProgress {
        self.lanes.reduce(into: LeavingProgress()) { $0 += $1.drain(patience) }
    }

    private var endedStatistics: HostStatistics {
        var total = self.ended
        total.mostSessions = self.mostSessions
        return total
    }

    func add(to snapshot: inout HostSnapshot) {
        snapshot.totals += self.endedStatistics
        for lane in self.lanes { lane.add(to: &snapshot) }
    }

    var statistics: HostStatistics {
        self.lanes.reduce(into: self.endedStatistics) { $0 += $1.statistics }
    }

    func close() {
        self.sweepTimer?.cancel()
        for lane in self.lanes { lane.close() }
    }
}
