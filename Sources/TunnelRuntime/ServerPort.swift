import Ciphers
import DatagramIO
import Logging
import NIOCore
import PacketPrimitives
import TunnelCore

/// One port of a server on one event loop: tells the sessions that arrive there apart, and gives their streams
/// connections to the target.
final class ServerPort: DatagramReceiver {
    let loop: LoopContext
    private(set) var configuration: ServerConfiguration
    let log: HostLog
    private(set) var port: DatagramPort?
    var sessions: [PeerAddress: HostedSession] = [:]
    /// The sessions by the number that their packets show, wherever they come from.
    var conversations: [UInt32: HostedSession] = [:]
    /// Where packets of another loop's session come from, and which that is.
    var guests = GuestTable()
    /// Who has which conversation on all loops of the port.
    let directory: ConversationDirectory
    var ended = SessionStatistics()
    var ingress = IngressCounters()
    var gate = AdmissionGate()
    private var mostSessions = 0
    private var unreadable: UnreadableReport
    private let makeCarrier: () throws -> any DatagramCarrier
    /// Sessions with a key that is not the one of new sessions.
    var oldKeySessionCount = 0
    /// What has been told to the loop's budget of those who have no session yet, bytes.
    var countedGateByteCount = 0
    private(set) var isLeaving = false

    /// `makeCarrier` binds the port; it is called again when what it made has failed.
    init(
        loop: LoopContext, configuration: ServerConfiguration, log: HostLog, directory: ConversationDirectory,
        makeCarrier: @escaping () throws -> any DatagramCarrier
    ) {
        self.loop = loop
        self.configuration = configuration
        self.log = log
        self.directory = directory
        self.makeCarrier = makeCarrier
        self.unreadable = UnreadableReport(configuration.host, log: log)
    }

    /// Binds the port and begins to serve it.
    /// - Throws: `SystemError` when it is taken.
    func open() throws -> EventLoopFuture<Void> {
        let port = DatagramPort(loop: self.loop, socket: try self.makeCarrier(), isConnected: false)
        port.receiver = self
        self.port = port
        return port.open()
    }

    var bufferShortfalls: [BufferShortfall] { self.port?.socket.granted.bufferShortfalls ?? [] }

    /// Who has a session.
    var peers: Set<PeerAddress> { Set(self.sessions.keys) }

    /// Takes other settings over; `loop` has them already.
    func update(_ configuration: ServerConfiguration) {
        self.configuration = configuration
        self.unreadable = UnreadableReport(configuration.host, log: self.log)
        for session in self.sessions.values { session.update(configuration.host) }
        self.oldKeySessionCount = self.sessions.values.count { self.hasOldKey($0) }
    }

    func close() {
        for session in Array(self.sessions.values) { session.end(.closed) }
        self.port?.close()
    }

    var statistics: HostStatistics {
        var total = self.ownStatistics
        for session in self.sessions.values { total.add(session.statistics, streams: session.streamCount) }
        return total
    }

    func add(to snapshot: inout HostSnapshot) {
        snapshot.totals += self.ownStatistics
        snapshot.add(self.bufferShortfalls)
        for session in self.sessions.values { snapshot.add(session.snapshot(.established)) }
    }

    /// All but the sessions that live.
    private var ownStatistics: HostStatistics {
        var total = HostStatistics(ended: self.ended, ingress: self.ingress, socket: self.port?.socket.statistics)
        total.mostSessions = self.mostSessions
        return total
    }

    // MARK: Packets

    var uselessCount: UInt64 { self.ingress.uselessCount }

    func open(_ batch: inout ReceiveBatch) -> OpenResult {
        let screenedCount = self.port?.isFlooded == true ? self.screen(&batch) : 0
        var result = self.openKept(&batch)
        result.failedChecksum += screenedCount
        return result
    }

    /// During a flood most of what strangers send is recognised by its first bytes.
    private func screen(_ batch: inout ReceiveBatch) -> Int {
        var count = 0
        for message in batch.messages where self.mayTurnAway(message.source) {
            count += self.loop.envelope.screen(&batch.slab, message.entries, SessionAdmission.isPlausibleBeginning)
        }
        return count
    }

    private func openKept(_ batch: inout ReceiveBatch) -> OpenResult {
        guard self.oldKeySessionCount > 0 else {
            return self.loop.open(&batch.slab, 0..<batch.slab.count, with: self.loop.envelope)
        }
        // Opening is in place, so there is one try: with the key of the session that the source address has.
        var result = OpenResult()
        for message in batch.messages {
            let template = self.sessions[message.source]?.template ?? self.loop.template
            result += self.loop.open(&batch.slab, message.entries, with: template.envelope)
        }
        return result
    }

    func hasOldKey(_ session: HostedSession) -> Bool { session.template.envelope !== self.loop.envelope }

    func port(_ port: DatagramPort, received batch: borrowing ReceiveBatch, _ result: OpenResult, now: Instant) {
        self.ingress.add(result)
        for message in batch.messages {
            self.route(batch.slab, message.entries, from: message.source, to: message.destination, now: now)
        }
        self.accountGate()
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
        self.unreadable.report(now: now) { self.sessions[$0] != nil }
    }

    /// Hands the packets of one source to its session, in runs as long as they belong to the same one.
    func route(
        _ slab: borrowing PacketSlab, _ range: Range<Int>, from peer: PeerAddress, to local: LocalAddress?, now: Instant
    ) {
        guard let firstKept = range.first(where: { slab[$0].byteCount > 0 }) else { return }
        var session = self.sessions[peer]
        var start = range.lowerBound
        for index in firstKept..<range.upperBound where slab[index].byteCount > 0 {
            let admission = SessionAdmission(of: slab.bytes(at: index), current: session?.conversationID)
            if admission == .deliver { continue }
            session?.handlePackets(slab, start..<index, now: now)
            start = index + 1
            if self.followOrHandOver(slab, index, from: peer, to: local, now: now) {
                session = self.sessions[peer]
                continue
            }
            guard case .create(let id, let usesShards) = admission else {
                self.refuse(slab, index, from: peer, to: local, now: now)
                session = self.sessions[peer]
                continue
            }
            let first = slab.bytes(at: index)
            if self.admits(id, usesShards: usesShards, first, from: peer, to: local, now: now) {
                session = self.makeSession(id, peer: peer, local: local, usesShards: usesShards)
                start = index
            }
        }
        session?.source = local
        session?.handlePackets(slab, start..<range.upperBound, now: now)
    }

    /// A packet that does not belong to the session of its source, if it has one.
    private func refuse(
        _ slab: borrowing PacketSlab, _ index: Int, from peer: PeerAddress, to local: LocalAddress?, now: Instant
    ) {
        if self.isProof(slab.bytes(at: index), from: peer) {
            return self.admitProven(slab, index, from: peer, to: local, now: now)
        }
        self.disclaim(slab.bytes(at: index), from: peer, to: local, now: now)
        self.noteRefused(slab.bytes(at: index), from: peer, now: now)
    }

    /// Without a checksum a packet of another cipher gets as far as this.
    func noteRefused(_ packet: RawSpan, from peer: PeerAddress, now: Instant) {
        self.ingress.refusedPackets += 1
        guard !SessionAdmission.isPlausible(packet) else { return }
        self.unreadable.note(packet, from: peer, now: now)
        self.reportUnreadable(now: now)
    }

    func makeSession(
        _ id: UInt32, peer: PeerAddress, local: LocalAddress?, usesShards: Bool
    ) -> HostedSession? {
        guard let port, !self.isLeaving,
            self.directory.add(id, at: NIOLoopBound(self, eventLoop: self.loop.eventLoop))
        else { return nil }
        if let old = self.sessions[peer] {
            self.log.general.info(
                "session closed: \(port.socket.localAddress) -> \(peer): the client has begun another one there")
            old.end(.closed)
        }
        let session = HostedSession(
            conversationID: id, port: port, peer: peer, source: local, log: self.log,
            closeWait: self.configuration.host.closeWait, owner: self, clientUsesShards: usesShards)
        self.sessions[peer] = session
        self.conversations[id] = session
        self.mostSessions = max(self.mostSessions, self.sessions.count)
        self.ingress.sessionsAccepted += 1
        self.watch(session)
        return session
    }

    /// Not a client with a session, with whose address anybody can send.
    func mayTurnAway(_ source: PeerAddress) -> Bool {
        self.sessions[source] == nil && self.guests[source] == nil
    }

    func port(_ port: DatagramPort, turnedAway source: PeerAddress, now: Instant) {
        self.log.shed(
            "junk", now: now,
            "\(source) floods this port with datagrams that are of no use: the kernel turns it away, a second at a time"
        )
    }

    func port(_ port: DatagramPort, failed error: any Error) {}

    /// The loop's socket died (not for a peer's sake: those errors are counted). Binds again.
    func portClosed(_ port: DatagramPort) {
        let name = "\(port.socket.localAddress)/\(port.socket.transport.rawValue)"
        self.log.general.error("the socket \(name) failed; its sessions end, opening it again")
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
        self.log.general.error("cannot open the socket: \(ErrorText.reason(of: error)); trying again in 1 s")
        self.loop.isolated.scheduleTask(in: .seconds(1)) { self.openAgain() }
    }
}

extension ServerPort: Leaving {
    func refuseNew() { self.isLeaving = true }

    func drain(_ patience: LeavingPatience) -> LeavingProgress {
        var progress = LeavingProgress()
        for session in Array(self.sessions.values) { progress.drain(session, patience) }
        return progress
    }
}
