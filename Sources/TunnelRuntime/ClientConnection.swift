import Ciphers
import DatagramIO
import Logging
import NIOCore
import PacketPrimitives
import Smux
import TunnelCore

/// Who uses a client's session.
protocol ClientConnectionOwner: AnyObject {
    /// The first packet that makes sense has come.
    func connectionAnswered(_ connection: ClientConnection)
    /// The system says that nobody takes our packets.
    func connection(_ connection: ClientConnection, refusedBecauseOf error: any Error)
    func connection(_ connection: ClientConnection, ended failure: SessionFailure)
}

/// A client's session with a socket of its own, from the first packet to the end.
final class ClientConnection: DatagramReceiver, SessionOwner {
    private let loop: LoopContext
    private let log: HostLog
    private let configuration: HostConfiguration
    private var port: DatagramPort
    private var link: ClientLink
    /// Of sockets that it has left.
    private var leftSockets = DatagramStatistics()
    private var isMoving = false
    private var movingRule = MovingRule()
    let endpoint: RemoteEndpoint
    private(set) var session: HostedSession!
    weak var owner: (any ClientConnectionOwner)?
    private(set) var isAnswered = false
    private var ingress = IngressCounters()
    private var unreadable: UnreadableReport
    private var watch = AnswerWatch()
    private var watchTimer: Scheduled<Void>?
    /// While the server does not answer.
    private var probe: ConnectedProbe?
    private var isAnnounced = false
    /// An earlier session with the server has worked.
    private let knowsServer: Bool

    private static let refusalMilliseconds: Int64 = 300

    /// Makes a session with a random conversation id (protocol 03 §8).
    init(
        with endpoint: RemoteEndpoint, at peer: PeerAddress, over link: ClientLink, configuration: ClientConfiguration,
        loop: LoopContext, log: HostLog, knowsServer: Bool
    ) {
        self.loop = loop
        self.log = log
        self.knowsServer = knowsServer
        self.endpoint = endpoint
        self.configuration = configuration.host
        self.unreadable = UnreadableReport(configuration.host, log: log)
        self.link = link
        self.port = DatagramPort(loop: loop, socket: link.carrier, isConnected: true)
        self.port.receiver = self
        self.ingress.sessionsOpened = 1
        self.session = HostedSession(
            conversationID: loop.random.next(as: UInt32.self), port: self.port, peer: peer, source: nil, log: log,
            closeWait: configuration.host.closeWait, owner: self)
    }

    func open() -> EventLoopFuture<Void> { self.port.open() }

    /// Says once that there is a session, and what its socket lacks.
    func announce() {
        guard !self.isAnnounced else { return }
        self.isAnnounced = true
        let version = self.loop.configuration.multiplexer.version
        self.log.general.info("smux version: \(version) on connection: \(self.localAddress) -> \(self.session.peer)")
        for shortfall in self.bufferShortfalls { self.log.general.warning("\(shortfall)") }
    }

    var bufferShortfalls: [BufferShortfall] { self.port.socket.granted.bufferShortfalls }
    var localAddress: PeerAddress { self.port.socket.localAddress }
    private var transport: String { self.port.socket.transport.rawValue.uppercased() }

    func add(to snapshot: inout HostSnapshot, _ state: SessionState) {
        snapshot.totals += self.ownStatistics
        snapshot.add(self.bufferShortfalls)
        snapshot.add(self.session.snapshot(state))
    }

    /// All but the session.
    private var ownStatistics: HostStatistics {
        var sockets = self.leftSockets
        sockets += self.port.socket.statistics
        return HostStatistics(ended: SessionStatistics(), ingress: self.ingress, socket: sockets)
    }

    var statistics: HostStatistics {
        var total = self.ownStatistics
        if self.session.isEnded {
            total.sessions.add(self.session.statistics)
        } else {
            total.add(self.session.statistics, streams: self.session.streamCount)
        }
        return total
    }

    // MARK: Packets

    var uselessCount: UInt64 { self.ingress.uselessCount }

    func open(_ batch: inout ReceiveBatch) -> OpenResult {
        self.loop.open(&batch.slab, 0..<batch.slab.count, with: self.session.template.envelope)
    }

    func port(_ port: DatagramPort, received batch: borrowing ReceiveBatch, _ result: OpenResult, now: Instant) {
        self.ingress.add(result)
        if result.opened > 0 { self.session.handlePackets(batch.slab, 0..<batch.slab.count, now: now) }
        if !self.isAnswered, self.session.statistics.session.packetsReceived > 0 {
            self.isAnswered = true
            self.owner?.connectionAnswered(self)
        }
        guard result.failedChecksum > 0 else { return }
        self.unreadable.note(batch, at: port, besides: self.loop.replays, now: now)
        self.reportUnreadable(now: now)
    }

    func port(_ port: DatagramPort, couldNotOpen datagram: [UInt8], from source: PeerAddress) {
        let now = self.loop.now
        self.unreadable.examine(datagram, from: source, now: now)
        self.reportUnreadable(now: now)
    }

    private func reportUnreadable(now: Instant) {
        let isWorking = self.session.hasHeardFrames
        self.unreadable.report(now: now) { _ in isWorking }
    }

    func port(_ port: DatagramPort, failed error: any Error) { self.noteRefusal(error) }

    private func noteRefusal(_ error: any Error) {
        let packetCount = self.session.statistics.session.packetsReceived
        if self.session.isWaiting, self.watch.noteRefusal(packetCount: packetCount) {
            self.log.explain(
                "refused", about: self.session.peer, now: self.loop.now,
                "\(self.session.peer) refuses our packets (\(ErrorText.reason(of: error))): is kcptun-server running there, on that port?"
            )
        }
        self.owner?.connection(self, refusedBecauseOf: error)
    }

    func portClosed(_ port: DatagramPort) {
        guard port === self.port else { return }
        self.session.end(.closed)
    }

    // MARK: Another socket

    /// The machine may have come to another network, or have got another route, or something on the way may let this port
    /// through no more. A server of ours follows the session to another socket.
    private func moveIfNeeded(silence: Int) {
        let isGone = self.localAddress.isGone
        guard !self.isMoving, !self.configuration.disguisesAsTCP, isGone || self.session.isFollowed else { return }
        self.isMoving = true
        ClientLink.dial(self.session.peer, self.configuration, on: self.loop) { result in
            self.isMoving = false
            // Without a way there yet: to be tried again.
            guard case .success(let link) = result else { return }
            let isOther = link.carrier.localAddress.host != self.localAddress.host
            let reason = self.movingRule.reason(
                isGone: isGone, isOther: isOther, isFollowed: self.session.isFollowed, silence: silence)
            if let reason { self.move(to: link, because: reason) } else { link.close() }
        }
    }

    private func move(to link: ClientLink, because reason: MovingReason) {
        self.isMoving = true
        let port = DatagramPort(loop: self.loop, socket: link.carrier, isConnected: true)
        port.receiver = self
        port.open().assumeIsolated().whenComplete { result in
            self.isMoving = false
            guard case .success = result, !self.session.isEnded else { return port.close() }
            let former = self.port
            self.log.general.info(
                "session \(former.socket.localAddress) -> \(self.session.peer) goes on from \(link.carrier.localAddress): \(reason.rawValue)"
            )
            self.leftSockets += former.socket.statistics
            self.port = port
            self.link = link
            self.session.move(to: port)
            former.close()
        }
    }

    // MARK: Answers

    func sessionIsWaiting(_ session: HostedSession) {
        guard self.watchTimer == nil else { return }
        self.watch.start(now: self.loop.now)
        self.checkAnswersLater()
    }

    private func checkAnswersLater() {
        let delay = TimeAmount.milliseconds(Int64(AnswerWatch.checkMilliseconds))
        self.watchTimer = self.loop.isolated.scheduleTask(in: delay) { self.checkAnswers() }
    }

    private func checkAnswers() {
        self.watchTimer = nil
        guard !self.session.isEnded else { return }
        if self.session.hasHeardFrames { self.announce() }
        let now = self.loop.now
        let facts = AnswerWatch.Facts(
            isWaiting: self.session.isWaiting, packetCount: self.session.statistics.session.packetsReceived,
            hasHeardFrames: self.session.hasHeardFrames || self.knowsServer || !self.hasHadStreams)
        if let finding = self.watch.check(facts, now: now) { self.log(finding, now: now) }
        guard !self.session.isEnded else { return }
        if let silence = self.session.suspiciousSilence(now: now) {
            self.moveIfNeeded(silence: silence)
        } else {
            self.movingRule.reset()
        }
        if self.watch.wantsProbe(facts, now: now) { self.session.probePeer() }
        self.askForRefusal(now: now)
        if self.watch.isSettled(facts) {
            self.session.isWatched = false
        } else {
            self.checkAnswersLater()
        }
    }

    /// The system at the server, or one on the way, may say that our packets have no chance. It says so within a round trip,
    /// and not to the session's own socket.
    private func askForRefusal(now: Instant) {
        guard !self.configuration.disguisesAsTCP, self.watch.isSilent(now: now) else { return self.probe = nil }
        if self.probe == nil { self.probe = try? ConnectedProbe(self.session.peer) }
        self.probe?.ask()
        self.loop.isolated.scheduleTask(in: .milliseconds(Self.refusalMilliseconds)) {
            guard !self.session.isEnded, let number = self.probe?.refusal() else { return }
            self.noteRefusal(IOError(errnoCode: number, reason: "ICMP"))
        }
    }

    /// A server has nothing to say to a session without streams.
    private var hasHadStreams: Bool { self.session.statistics.multiplexer.openedStreamCount > 0 }

    /// Says what may be the reason that nothing has come for so long.
    func explainSilence(milliseconds: Int) {
        let sentCount = self.session.statistics.session.datagramsSent
        let hasAnswered = self.session.hasHeardFrames || self.knowsServer
        let text = MismatchText.silence(
            of: self.session.peer, over: self.transport, sentCount: sentCount, hasAnswered: hasAnswered,
            seconds: milliseconds / 1000)
        self.log.explain("silence", about: self.session.peer, now: self.loop.now, text)
    }

    private func log(_ finding: AnswerWatch.Finding, now: Instant) {
        let peer = self.session.peer
        switch finding {
        case .silence:
            self.explainSilence(milliseconds: AnswerWatch.limitMilliseconds)
            self.endIfNeverAnswered()
        case .refusal:
            self.endIfNeverAnswered()
        case .missingFrames:
            let text = MismatchText.missingFrames(from: peer, own: self.loop.configuration)
            self.log.explain("missing frames", about: peer, now: now, text)
        case .answersAgain:
            self.log.general.info("\(peer) answers again")
        }
    }

    /// With another key or cipher no answer will come, and applications should not have to wait for it. What leaves has an
    /// end anyhow, and tells then that something was not delivered.
    private func endIfNeverAnswered() {
        guard !self.knowsServer, !self.isAnswered, !self.session.isLeaving else { return }
        self.session.end(.neverAnswered)
    }

    // MARK: Session

    func session(_ session: HostedSession, ended failure: SessionFailure) {
        self.watchTimer?.cancel()
        self.port.close()
        self.link.connection?.close(promise: nil)
        self.log.sessionEnded(failure, session, now: self.loop.now)
        self.owner?.connection(self, ended: failure)
    }

    func session(_ session: HostedSession, noticed notice: SessionNotice) {
        guard case .permutationSuspected(let peerPermutes) = notice else { return }
        self.log.explain(
            "QPP", about: session.peer, now: self.loop.now,
            MismatchText.suspectedPermutation(peerPermutes: peerPermutes, peer: session.peer))
    }

    /// Not asked: a client's session refuses the streams of its server.
    func session(_ session: HostedSession, describe id: StreamID) -> StreamDescription {
        StreamDescription(inbound: .stream(session.peer, id), outbound: .nobody)
    }

    func session(_ session: HostedSession, peerOpened pump: StreamPump) { pump.end() }
}

extension NIOIsolatedEventLoop {
    /// Calls `body` every `interval`, until cancelled.
    func scheduleRepeating(every interval: TimeAmount, _ body: @escaping () -> Void) -> RepeatedTask {
        let bound = NIOLoopBound(body, eventLoop: self.nonisolated())
        return self.nonisolated().scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in bound.value() }
    }
}
