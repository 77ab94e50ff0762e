import Ciphers
import KCP
import PacketPrimitives
import Smux
import TunnelCore

/// The server's end: a session for each client that begins a conversation, followed when its address changes.
final class FaultedServer {
    private let scene: FaultScene
    private var gate: DatagramGate
    private let random: SeededRandomSource
    private(set) var sessions: [Int: FaultedSession] = [:]
    /// Conversations that have ended; what still comes of them is sent again by somebody.
    private var over: Set<UInt32> = []
    /// Until then nobody is there.
    private var downUntil: Instant
    private(set) var counts = FaultCounts()

    /// How often an address is looked at once more after a packet from there.
    private static let checksPerPacket = 3

    init(_ scene: FaultScene) {
        self.scene = scene
        self.gate = DatagramGate(scene.plan.server, seed: scene.plan.seed &+ 6)
        self.random = SeededRandomSource(seed: scene.plan.seed &+ 7)
        self.downUntil = scene.start
    }

    var nextTimeout: Instant? { self.sessions.values.reduce(nil) { Instant.earliest($0, $1.nextTimeout) } }

    /// Nothing is left to do for the session of this conversation, if there is one.
    func isAtRest(_ conversation: UInt32?) -> Bool {
        self.sessions.values.allSatisfy { $0.conversation != conversation || $0.isAtRest }
    }

    private func session(of conversation: UInt32) -> FaultedSession? {
        self.sessions.values.first { $0.conversation == conversation }
    }

    // MARK: What happens to it

    func receive(_ datagram: RawSpan, from address: Int, now: Instant) {
        guard self.downUntil <= now, self.gate.open(datagram) else { return }
        let current = self.sessions[address]
        let admission = SessionAdmission(of: self.gate.arrivals.bytes(at: 0), current: current?.conversation)
        if admission == .deliver {
            current?.handlePacket(self.gate.arrivals, now: now)
        } else if !self.follow(from: address, now: now) {
            self.admit(admission, from: address, now: now)
        }
    }

    private func admit(_ admission: SessionAdmission, from address: Int, now: Instant) {
        guard case .create(let id, let usesShards) = admission else { return self.disclaim(to: address, now: now) }
        guard !self.over.contains(id), self.session(of: id) == nil else { return }
        if let old = self.sessions[address] { self.drop(old) }
        self.counts.sessions += 1
        let session = FaultedSession(
            conversation: id, configuration: self.scene.plan.server, envelope: self.gate.envelope,
            application: self.scene.application(.server, conversation: id),
            address: address, clientUsesShards: usesShards, now: now, sabotage: self.scene.sabotage)
        self.sessions[address] = session
        session.handlePacket(self.gate.arrivals, now: now)
    }

    /// Says that nothing is known of a session.
    private func disclaim(to address: Int, now: Instant) {
        guard self.scene.plan.serverDisclaims, let header = self.gate.header,
            let disclaimer = Disclaimer(to: header.segment),
            self.session(of: header.segment.conversation) == nil
        else { return }
        self.gate.send(
            sealing: true, findings: self.scene.findings,
            { disclaimer.header(window: 32).write(into: &$0, usesShards: header.usesShards, now: now) },
            { self.scene.network.sendToClient($0, at: address, now: now) })
    }

    /// All sessions are gone.
    func restart(downMilliseconds: Int, now: Instant) {
        for session in Array(self.sessions.values) { self.drop(session) }
        self.over = []
        self.downUntil = now.advanced(milliseconds: downMilliseconds)
        self.scene.network.forgetRecent()
    }

    private func drop(_ session: FaultedSession) {
        self.scene.registry.noteLoss(of: session.conversation, by: .server)
        self.over.insert(session.conversation)
        session.close()
        self.counts.add(session)
        if self.sessions[session.address] === session { self.sessions[session.address] = nil }
    }

    // MARK: Rebinding

    /// Gives a packet from an unexpected address to the session that it belongs to. Returns whether there is one.
    private func follow(from address: Int, now: Instant) -> Bool {
        guard let header = self.gate.header, let session = self.session(of: header.segment.conversation),
            session.fits(self.gate.arrivals.bytes(at: 0))
        else { return false }
        let hasAnswered = session.handlePacket(fromCandidate: self.gate.arrivals, now: now)
        self.look(for: session, at: address, hasAnswered: hasAnswered, left: Self.checksPerPacket, now: now)
        return true
    }

    private func look(
        for session: FaultedSession, at address: Int, hasAnswered: Bool = false, left: Int, now: Instant
    ) {
        switch session.pathStep(address, hasAnswered: hasAnswered, now: now) {
        case .move: return self.move(session, to: address, now: now)
        case .ask:
            let token = session.pathWatch.token { self.random.next(as: UInt32.self) }
            self.gate.send(
                sealing: false, findings: self.scene.findings, { session.ask(token: token, into: &$0, now: now) },
                { self.scene.network.sendToClient($0, at: address, now: now) })
        case .wait: break
        }
        guard left > 0, session.pathCheck == nil else { return }
        session.pathCheck = .init(
            address: address, time: now.advanced(milliseconds: PathWatch.askMilliseconds), left: left - 1)
    }

    private func move(_ session: FaultedSession, to address: Int, now: Instant) {
        if let other = self.sessions[address] { self.drop(other) }
        self.sessions[session.address] = nil
        self.sessions[address] = session
        self.counts.moves += 1
        session.pathCheck = nil
        session.move(to: address, now: now)
    }

    // MARK: Time

    func pass(now: Instant) {
        // In an order that is the same in each run.
        for address in self.sessions.keys.sorted() {
            if let session = self.sessions[address] { self.pass(session, now: now) }
        }
    }

    private func pass(_ session: FaultedSession, now: Instant) {
        if let check = session.pathCheck, check.time <= now {
            session.pathCheck = nil
            if check.address != session.address {
                self.look(for: session, at: check.address, left: check.left, now: now)
            }
        }
        session.pass(now: now)
        self.gate.drain(session, findings: self.scene.findings, now: now) {
            self.scene.network.sendToClient($0, at: session.address, now: now)
        }
        guard let failure = session.failure else { return self.scene.watch.check(session, now: now) }
        self.scene.watch.judge(failure, of: session, now: now)
        self.counts.failures += 1
        self.drop(session)
    }
}
