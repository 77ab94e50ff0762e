import DatagramIO
import NIOCore
import PacketPrimitives
import Smux
import TunnelCore

/// A session on its event loop: joins the protocol half to a datagram port and to the local side of its streams.
///
/// After every input the session is put on the loop's list; at the end of the pass it writes to its streams, sends
/// what is due and sets its timer. Nothing in here runs on another thread.
final class HostedSession: LoopWork {
    let loop: LoopContext
    var port: DatagramPort
    /// Where its packets go; `nil` on a connected port.
    var destination: PeerAddress?
    /// The address of ours that the peer sends to.
    var source: LocalAddress?
    var peer: PeerAddress
    var pathWatch = PathWatch()
    var pathChecksLeft = 0
    var isPathCheckScheduled = false
    let log: HostLog
    /// What it was made with. The settings in force may be others by now.
    let template: SessionTemplate
    /// See `-closewait`.
    var closeWaitMilliseconds: Int64
    let created: Instant
    /// When a packet came last from where the peer is.
    var lastHeard: Instant?
    /// Since when the peer has owed an acknowledgement, without a break.
    private var waitingSince: Instant?
    var session: TunnelSession
    var pumps: [StreamID: StreamPump] = [:]
    var touched: [StreamPump] = []
    var opened: [StreamPump] = []
    weak var owner: (any SessionOwner)?
    var timer: (deadline: Instant, callback: NIOScheduledCallback)?
    private(set) var isEnded = false
    /// The program is about to end.
    var isLeaving = false
    var isEnqueued = false
    var peerHalfCloses = false
    /// For a server: whether the client's packets have FEC headers.
    let clientUsesShards: Bool?
    /// Whether the owner looks whether the peer answers.
    var isWatched = false
    /// So many of the frames that the streams have sent have arrived.
    private var deliveredFrameCount: UInt64 = 0
    private var deliveredByteCount: UInt64 = 0
    /// What streams hold: memory for bytes that wait for the session, and bytes that wait for connections.
    var bytesTowardTunnel = 0
    var bytesFromTunnel = 0
    /// What has been told to the loop's budget, and how much it lets the session hold; `nil`: as much as its settings do.
    var countedByteCount = 0
    var allowance: Int?
    /// Whether connections may be read.
    var mayRead = true
    var isLookedAt = false
    /// Whether the port tells it when there is room for datagrams again.
    var waitsForPort = false

    private static let patienceMilliseconds = 1500
    /// So many may bring enough to be counted at once, not only at the end of the pass.
    private static let manyPackets = 16
    /// Bursts that one session sends before the loop looks after others and after what has arrived.
    private static let burstsPerPass = 4

    init(
        conversationID: UInt32, port: DatagramPort, peer: PeerAddress, source: LocalAddress?, log: HostLog,
        closeWait: Int, owner: any SessionOwner, clientUsesShards: Bool? = nil
    ) {
        self.loop = port.loop
        self.port = port
        self.peer = peer
        self.destination = port.isConnected ? nil : peer
        self.source = source
        self.log = log
        self.template = port.loop.template
        self.closeWaitMilliseconds = Self.milliseconds(closeWait: closeWait)
        self.created = port.loop.now
        self.clientUsesShards = clientUsesShards
        self.session = TunnelSession(
            conversationID: conversationID, configuration: self.template.configuration,
            envelope: self.template.envelope, scratch: self.loop.scratch, now: self.created,
            clientUsesShards: clientUsesShards, path: self.loop.path(to: peer, now: self.created))
        self.owner = owner
        self.loop.watchForRest()
        self.loop.memory.limit.sessionBegan()
        self.account()
    }

    private static func milliseconds(closeWait: Int) -> Int64 { Int64(max(closeWait, 30)) * 1000 }

    /// How long a half-closed stream may rest. Of one whose other end has gone programs of this project are told, so only
    /// what would never end is ended.
    var lingerMilliseconds: Int64 {
        self.peerHalfCloses ? max(self.closeWaitMilliseconds, Self.longestRest) : self.closeWaitMilliseconds
    }

    private static let longestRest: Int64 = 3_600_000

    /// Takes over what may change while a session lives.
    func update(_ configuration: HostConfiguration) {
        guard !self.isEnded else { return }
        self.closeWaitMilliseconds = Self.milliseconds(closeWait: configuration.closeWait)
        self.session.update(configuration.session, now: self.loop.now)
        self.loop.enqueue(self)
    }

    var conversationID: UInt32 { self.session.conversationID }
    var streamCount: Int { self.session.streamCount }
    /// Whether it is over, or will be at the end of this pass.
    var hasFailed: Bool { self.isEnded || self.session.failure != nil }
    /// Whether more streams can be opened in it, as far as their numbers go.
    var hasUnusedIDs: Bool { self.session.hasUnusedIDs }
    /// Those that have a connection, or are to get one.
    var openStreamCount: Int { self.pumps.count }
    /// What a new stream would share it with.
    func load(now: Instant) -> LaneLoad {
        self.pumps.values.reduce(into: LaneLoad(streamCount: self.streamCount)) { $1.add(to: &$0, now: now) }
    }
    /// `nil` before the first measurement.
    var minimumRoundTripMilliseconds: Int? { self.session.minimumRoundTripMilliseconds }
    /// Whether the peer owes us an acknowledgement.
    var isWaiting: Bool { !self.isEnded && self.session.isAwaitingAcknowledgement }
    /// How long nothing has come from a peer that owes an acknowledgement, if that is longer than any trip takes,
    /// milliseconds.
    func suspiciousSilence(now: Instant) -> Int? {
        guard self.isWaiting, let waitingSince else { return nil }
        let silence = now.milliseconds(since: max(waitingSince, self.lastHeard ?? waitingSince))
        let patience = max(Self.patienceMilliseconds, 3 * self.session.retransmissionTimeoutMilliseconds)
        return silence >= patience ? silence : nil
    }
    /// Whether the peer has ever said anything on the level of streams.
    var hasHeardFrames: Bool { self.session.hasHeardFrames }
    /// Whether all that streams had to say has arrived. A sign of life that nobody answers does not count.
    var hasDeliveredAll: Bool {
        let isDelivered = self.session.streamFrameCount == self.deliveredFrameCount && !self.session.hasStreamFrames
        return isDelivered || self.session.isSettled
    }
    /// The same without the ends of streams, and what else is not of applications.
    var hasDeliveredBytes: Bool { self.session.streamByteCount == self.deliveredByteCount }
    /// Whether it has no streams, and all that they had to say has arrived. A stream is forgotten when its last bytes leave.
    var isUnused: Bool { self.streamCount == 0 && self.hasDeliveredAll }
    var streams: [StreamPump] { Array(self.pumps.values) }
    var statistics: SessionStatistics {
        self.isEnded ? self.session.statistics.withoutGauges : self.session.statistics
    }

    /// Whether the peer drops what it still has for us when we say that we have ended, as the original does. Servers
    /// need not ask: a client of the original that ended its stream has nothing more to say or hear.
    var finishEndsBothDirections: Bool { self.loop.configuration.role == .client && !self.peerHalfCloses }

    /// Whether the peer reads nothing more of a stream that it has ended, as the original does.
    var peerEndsBothDirections: Bool { !self.peerHalfCloses }

    // MARK: Packets

    /// Takes opened packets from this session's peer.
    func handlePackets(_ slab: borrowing PacketSlab, _ range: Range<Int>, now: Instant) {
        guard !self.isEnded else { return }
        self.lastHeard = now
        self.session.handlePackets(slab, range, now: now, sink: self)
        if range.count >= Self.manyPackets { self.account() }
        self.loop.enqueue(self)
    }

    func run(now: Instant) {
        guard !self.isEnded else { return }
        self.session.deliverReady(now: now, sink: self)
        for notice in self.session.takeNotices() { self.owner?.session(self, noticed: notice) }
        self.reportOpened()
        self.flushTouched()
        self.transmit(now: now)
        self.flushTouched()
        if let failure = self.session.failure { return self.end(failure) }
        if self.session.isDrained {
            self.deliveredFrameCount = self.session.streamFrameCount
            self.deliveredByteCount = self.session.streamByteCount
        }
        self.account()
        self.setTimer()
        self.waitingSince = self.session.isAwaitingAcknowledgement ? self.waitingSince ?? now : nil
        if self.session.isAwaitingAcknowledgement, !self.isWatched {
            self.isWatched = true
            self.owner?.sessionIsWaiting(self)
        }
    }

    /// Sends a sign of life now, to see what becomes of it.
    func probePeer() {
        self.session.probePeer()
        self.loop.enqueue(self)
    }

    /// Connections may be read again.
    func readFurther() { for pump in self.pumps.values { self.touch(pump) } }

    private func reportOpened() {
        while !self.opened.isEmpty {
            var opened: [StreamPump] = []
            swap(&opened, &self.opened)
            for pump in opened where !pump.isEnded { self.owner?.session(self, peerOpened: pump) }
        }
    }

    private func flushTouched() {
        while !self.touched.isEmpty {
            var touched: [StreamPump] = []
            swap(&touched, &self.touched)
            for pump in touched {
                pump.isTouched = false
                pump.flush()
            }
        }
    }

    private func transmit(now: Instant) {
        for _ in 0..<Self.burstsPerPass {
            guard !self.port.isBlocked else { return self.port.resume(self) }
            self.loop.slab.removeAll()
            guard self.session.pollDatagrams(into: &self.loop.slab, now: now, source: self) > 0 else { return }
            self.port.sendSlab(to: self.destination, from: self.source)
        }
        self.loop.enqueue(self)
    }

    /// Ends the session and its streams; the protocol has no message for it.
    func end(_ failure: SessionFailure) {
        guard !self.isEnded else { return }
        self.isEnded = true
        self.session.close()
        self.timer?.callback.cancel()
        self.timer = nil
        let pumps = self.pumps.values
        self.pumps = [:]
        let orphans = failure == .forgottenByServer ? pumps.filter { $0.orphan() } : []
        for pump in pumps {
            pump.sessionEnded()
            self.log.streamClosed(pump.description)
        }
        // They hold the session.
        self.touched = []
        self.opened = []
        self.forgetMemory()
        self.owner?.session(self, ended: failure)
        for pump in orphans { pump.restart?(pump) }
    }
}

/// Who makes sessions and looks after them.
protocol SessionOwner: AnyObject {
    /// How the log names a stream that the peer has opened.
    func session(_ session: HostedSession, describe id: StreamID) -> StreamDescription
    /// The peer has opened a stream: give its pump a channel.
    func session(_ session: HostedSession, peerOpened pump: StreamPump)
    func session(_ session: HostedSession, ended failure: SessionFailure)
    /// The session has found out something about its peer.
    func session(_ session: HostedSession, noticed notice: SessionNotice)
    /// The peer owes an answer. Not said again as long as `isWatched` is set.
    func sessionIsWaiting(_ session: HostedSession)
}
