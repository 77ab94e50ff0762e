import Ciphers
import DatagramIO
import Logging
import NIOCore
import PacketPrimitives
import Smux
import TunnelCore

/// A client's session with a socket of its own, from the first packet to the end.
final class ClientConnection: DatagramReceiver, SessionOwner {
    private let loop: LoopContext
    private let log: HostLog
    private let port: DatagramPort
    private(set) var session: HostedSession!
    private let ended: (ClientConnection) -> Void
    private var ingress = IngressCounters()
    private var checksumReport: ChecksumReport
    private var packetsAtLastCheck: UInt64 = 0
    private var wasWaiting = false
    private var isSilent = false
    private var silenceTimer: RepeatedTask?

    /// How long the server may leave data unanswered before the log says so.
    private static let silenceLimit = TimeAmount.seconds(5)

    /// Makes the socket and a session with a random conversation id (protocol 03 §8).
    /// - Throws: `SystemError` when the system refuses the socket.
    init(
        to peer: PeerAddress, configuration: ClientConfiguration, loop: LoopContext, log: HostLog,
        ended: @escaping (ClientConnection) -> Void
    ) throws {
        self.loop = loop
        self.log = log
        self.ended = ended
        self.checksumReport = ChecksumReport(cipher: configuration.host.session.cipher)
        let socket = try Self.connectedSocket(to: peer, options: configuration.host.socket)
        self.port = DatagramPort(loop: loop, socket: socket, isConnected: true)
        self.port.receiver = self
        self.ingress.sessionsOpened = 1
        self.session = HostedSession(
            conversationID: loop.random.next(as: UInt32.self), port: self.port, peer: peer, source: nil, log: log,
            closeWait: configuration.host.closeWait, owner: self)
    }

    private static func connectedSocket(
        to peer: PeerAddress, options: DatagramSocketOptions
    ) throws -> DatagramSocket {
        let socket = try DatagramSocket.bind(to: .wildcard(peer.family), options: options)
        do {
            try socket.connect(to: peer)
            return socket
        } catch {
            socket.close()
            throw error
        }
    }

    func open() -> EventLoopFuture<Void> {
        self.silenceTimer = self.loop.eventLoop.assumeIsolated().scheduleRepeating(every: Self.silenceLimit) {
            self.checkSilence()
        }
        return self.port.open()
    }

    var bufferShortfalls: [BufferShortfall] { self.port.socket.bufferShortfalls }
    var localAddress: PeerAddress { self.port.socket.localAddress }

    var statistics: HostStatistics {
        var total = HostStatistics(
            ended: SessionStatistics(), ingress: self.ingress, socket: self.port.socket.statistics)
        if self.session.isEnded {
            total.sessions.add(self.session.statistics)
        } else {
            total.add(self.session.statistics, streams: self.session.streamCount)
        }
        return total
    }

    // MARK: Packets

    func port(_ port: DatagramPort, received batch: borrowing ReceiveBatch, _ result: OpenResult, now: Instant) {
        self.ingress.add(result)
        self.session.handlePackets(batch.slab, 0..<batch.slab.count, now: now)
        if result.failedChecksum > 0, let text = self.checksumReport.note(result, batch, now: now) {
            self.log.general.warning("\(text)")
        }
    }

    func port(_ port: DatagramPort, failed error: any Error) {
        guard !self.isSilent, self.session.isWaiting else { return }
        self.isSilent = true
        self.packetsAtLastCheck = self.session.statistics.session.packetsReceived
        self.log.general.warning(
            "\(self.session.peer) refuses our packets (\(ErrorText.reason(of: error))): is kcptun-server running there, on that port?"
        )
    }

    func portClosed(_ port: DatagramPort) { self.session.end(.closed) }

    /// Says once per outage that nothing comes back, with the likely causes in order.
    private func checkSilence() {
        let packets = self.session.statistics.session.packetsReceived
        let heard = packets != self.packetsAtLastCheck
        self.packetsAtLastCheck = packets
        defer { self.wasWaiting = self.session.isWaiting }
        if heard {
            if self.isSilent { self.log.general.info("\(self.session.peer) answers again") }
            self.isSilent = false
        } else if self.wasWaiting, self.session.isWaiting, !self.isSilent {
            self.isSilent = true
            self.log.general.warning(
                "no valid answer from \(self.session.peer) for 5 s: is the server running, are -key and -crypt the same there, and does UDP get through?"
            )
        }
    }

    // MARK: Session

    func session(_ session: HostedSession, ended failure: SessionFailure) {
        self.silenceTimer?.cancel()
        self.port.close()
        self.log.sessionEnded(failure, local: self.localAddress, peer: session.peer)
        self.ended(self)
    }

    /// Servers open no streams (protocol 04 §2); one that does finds nobody there.
    func session(_ session: HostedSession, describe id: StreamID) -> StreamDescription {
        StreamDescription(inbound: "\(session.peer)(\(id))", outbound: "-")
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
