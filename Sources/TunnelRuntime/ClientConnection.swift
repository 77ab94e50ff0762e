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
    let loop: LoopContext
    let log: HostLog
    let configuration: HostConfiguration
    var port: DatagramPort
    var link: ClientLink
    /// Of sockets that it has left.
    var leftSockets = DatagramStatistics()
    var isMoving = false
    var movingRule = MovingRule()
    let endpoint: RemoteEndpoint
    var session: HostedSession!
    weak var owner: (any ClientConnectionOwner)?
    private(set) var isAnswered = false
    private var ingress = IngressCounters()
    private var unreadable: UnreadableReport
    var watch = AnswerWatch()
    var watchTimer: Scheduled<Void>?
    /// While the server does not answer.
    var probe: ConnectedProbe?
    private var isAnnounced = false
    /// An earlier session with the server has worked.
    let knowsServer: Bool

    static let refusalMilliseconds: Int64 = 300

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
    var transport: String { self.port.socket.transport.rawValue.uppercased() }

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

    /// Not asked: the kernel lets through only what the server sends.
    func mayTurnAway(_ source: PeerAddress) -> Bool { false }

    func port(_ port: DatagramPort, turnedAway source: PeerAddress, now: Instant) {}

    func portClosed(_ port: DatagramPort) {
        guard port === self.port else { return }
        self.session.end(.closed)
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
