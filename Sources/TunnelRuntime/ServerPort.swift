import Ciphers
import DatagramIO
import Logging
import NIOCore
import NIOPosix
import PacketPrimitives
import Smux
import TunnelCore

/// One UDP port of a server on one event loop: tells the sessions that arrive there apart, and gives their streams
/// connections to the target.
final class ServerPort: DatagramReceiver, SessionOwner {
    let loop: LoopContext
    private let configuration: ServerConfiguration
    private let log: HostLog
    private var port: DatagramPort?
    private var sessions: [PeerAddress: HostedSession] = [:]
    private var ended = SessionStatistics()
    private var ingress = IngressCounters()
    private var mostSessions = 0
    private var checksumReport: ChecksumReport
    private let address: PeerAddress

    init(loop: LoopContext, address: PeerAddress, configuration: ServerConfiguration, log: HostLog) {
        self.loop = loop
        self.configuration = configuration
        self.log = log
        self.address = address
        self.checksumReport = ChecksumReport(cipher: configuration.host.session.cipher)
    }

    /// Binds the port and begins to serve it.
    /// - Throws: `SystemError` when it is taken.
    func open() throws -> EventLoopFuture<Void> {
        var options = self.configuration.host.socket
        options.reusePort = self.configuration.host.loopCount > 1
        let socket = try DatagramSocket.bind(to: self.address, options: options)
        let port = DatagramPort(loop: self.loop, socket: socket, isConnected: false)
        port.receiver = self
        self.port = port
        return port.open()
    }

    var bufferShortfalls: [BufferShortfall] { self.port?.socket.bufferShortfalls ?? [] }

    func close() {
        for session in Array(self.sessions.values) { session.end(.closed) }
        self.port?.close()
    }

    var statistics: HostStatistics {
        var total = HostStatistics(ended: self.ended, ingress: self.ingress, socket: self.port?.socket.statistics)
        total.mostSessions = self.mostSessions
        for session in self.sessions.values { total.add(session.statistics, streams: session.streamCount) }
        return total
    }

    // MARK: Packets

    func port(_ port: DatagramPort, received batch: borrowing ReceiveBatch, _ result: OpenResult, now: Instant) {
        self.ingress.add(result)
        for message in batch.messages {
            self.route(batch.slab, message.entries, from: message.source, to: message.destination, now: now)
        }
        if result.failedChecksum > 0, let text = self.checksumReport.note(result, batch, now: now) {
            self.log.general.warning("\(text)")
        }
    }

    /// Hands the packets of one source to its session, in runs as long as they belong to the same one.
    private func route(
        _ slab: borrowing PacketSlab, _ range: Range<Int>, from peer: PeerAddress, to local: LocalAddress?, now: Instant
    ) {
        var session = self.sessions[peer]
        var start = range.lowerBound
        for index in range where slab[index].byteCount > 0 {
            switch SessionAdmission(of: slab.bytes(at: index), current: session?.conversationID) {
            case .deliver:
                continue
            case .create(let id):
                session?.handlePackets(slab, start..<index, now: now)
                session = self.makeSession(id, peer: peer, local: local)
                start = index
            case .refuse:
                session?.handlePackets(slab, start..<index, now: now)
                self.ingress.refusedPackets += 1
                start = index + 1
            }
        }
        session?.source = local
        session?.handlePackets(slab, start..<range.upperBound, now: now)
    }

    private func makeSession(_ id: UInt32, peer: PeerAddress, local: LocalAddress?) -> HostedSession? {
        guard let port else { return nil }
        self.sessions[peer]?.end(.closed)
        let session = HostedSession(
            conversationID: id, port: port, peer: peer, source: local, log: self.log,
            closeWait: self.configuration.host.closeWait, owner: self)
        self.sessions[peer] = session
        self.mostSessions = max(self.mostSessions, self.sessions.count)
        self.ingress.sessionsAccepted += 1
        let version = self.configuration.host.session.multiplexer.version
        self.log.general.info("remote address: \(peer)")
        self.log.general.info("smux version: \(version) on connection: \(port.socket.localAddress) -> \(peer)")
        return session
    }

    func port(_ port: DatagramPort, failed error: any Error) {}

    /// The loop's socket died (not for a peer's sake: those errors are counted). Binds again.
    func portClosed(_ port: DatagramPort) {
        self.log.general.error("the UDP socket \(port.socket.localAddress) failed; its sessions end, opening it again")
        self.port = nil
        for session in Array(self.sessions.values) { session.end(.closed) }
        self.openAgain()
    }

    private func openAgain() {
        do {
            try self.open().assumeIsolated().whenFailure { error in self.retryOpening(error) }
        } catch {
            self.retryOpening(error)
        }
    }

    private func retryOpening(_ error: any Error) {
        self.log.general.error("cannot open the UDP socket: \(ErrorText.reason(of: error)); trying again in 1 s")
        self.loop.isolated.scheduleTask(in: .seconds(1)) { self.openAgain() }
    }

    // MARK: Sessions and streams

    func session(_ session: HostedSession, ended failure: SessionFailure) {
        if self.sessions[session.peer] === session { self.sessions[session.peer] = nil }
        self.ended.add(session.statistics)
        self.log.sessionEnded(failure, local: session.port.socket.localAddress, peer: session.peer)
    }

    func session(_ session: HostedSession, describe id: StreamID) -> StreamDescription {
        StreamDescription(inbound: "\(session.peer)(\(id))", outbound: "\(self.configuration.target)")
    }

    func session(_ session: HostedSession, peerOpened pump: StreamPump) {
        self.log.streamOpened(pump.description)
        let connected = StreamDialer.dial(self.configuration.target, on: self.loop, handler: pump)
        connected.assumeIsolated().whenFailure { error in
            self.log.general.warning(
                "cannot reach the target \(self.configuration.target): \(ErrorText.reason(of: error)); is it running, and is -t right?"
            )
            pump.end()
        }
    }
}
