import Ciphers
import PacketPrimitives
import Smux
import TunnelCore

/// The client's end: one session at a time, and the streams that its applications want.
final class FaultedClient {
    private let scene: FaultScene
    private var gate: DatagramGate
    private let random: SeededRandomSource
    private var waiting: ArraySlice<StreamScript>
    private(set) var session: FaultedSession?
    /// When there is to be a session again; `nil` for never.
    private var connectTime: Instant?
    private(set) var counts = FaultCounts()

    /// Between the end of a session and the next.
    private static let retryMilliseconds = 200

    init(_ scene: FaultScene) {
        self.scene = scene
        self.gate = DatagramGate(scene.plan.client, seed: scene.plan.seed &+ 4)
        self.random = SeededRandomSource(seed: scene.plan.seed &+ 5)
        self.waiting = scene.plan.streams[...]
        self.connectTime = scene.start
    }

    var nextTimeout: Instant? {
        let opening = self.waiting.first.map { self.scene.start.advanced(milliseconds: $0.opening) }
        return Instant.earliest(self.session == nil ? self.connectTime : self.session?.nextTimeout, opening)
    }

    /// All streams have been opened and are over.
    var isAtRest: Bool { self.waiting.isEmpty && self.session?.isAtRest ?? false }

    /// One more stream, now.
    func add(_ script: StreamScript) { self.waiting.append(script) }

    var completeStreamCount: Int {
        self.counts.completeStreams + (self.session?.application.completeStreamCount ?? 0)
    }

    // MARK: What happens to it

    func receive(_ datagram: RawSpan, now: Instant) {
        guard self.gate.open(datagram) else { return }
        self.session?.handlePacket(self.gate.arrivals, now: now)
    }

    func restart(downMilliseconds: Int, now: Instant) {
        self.drop()
        self.connectTime = now.advanced(milliseconds: downMilliseconds)
    }

    /// It never comes back.
    func leave() {
        self.drop()
        self.connectTime = nil
        self.waiting = []
    }

    private func drop() {
        guard let session else { return }
        self.scene.registry.noteLoss(of: session.conversation, by: .client)
        session.close()
        self.counts.add(session)
        self.session = nil
    }

    // MARK: Time

    func pass(now: Instant) {
        if self.session == nil, let connectTime, connectTime <= now { self.connect(now: now) }
        guard let session else { return self.skipStreams(now: now) }
        self.openStreams(session, now: now)
        session.pass(now: now)
        self.gate.drain(session, findings: self.scene.findings, now: now) {
            self.scene.network.sendToServer($0, now: now)
        }
        guard let failure = session.failure else { return self.scene.watch.check(session, now: now) }
        self.scene.watch.judge(failure, of: session, now: now)
        self.counts.failures += 1
        self.drop()
        self.connectTime = now.advanced(milliseconds: Self.retryMilliseconds)
    }

    private func connect(now: Instant) {
        self.scene.network.beginSession()
        let conversation = self.random.next(as: UInt32.self)
        self.counts.sessions += 1
        self.session = FaultedSession(
            conversation: conversation, configuration: self.scene.plan.client, envelope: self.gate.envelope,
            application: self.scene.application(.client, conversation: conversation),
            address: 0, now: now, sabotage: self.scene.sabotage)
    }

    private func isDue(_ script: StreamScript?, now: Instant) -> Bool {
        script.map { self.scene.start.advanced(milliseconds: $0.opening) <= now } ?? false
    }

    private func openStreams(_ session: FaultedSession, now: Instant) {
        while self.isDue(self.waiting.first, now: now) {
            guard let script = self.waiting.popFirst(), let id = session.openStream() else { return }
            self.counts.streams += 1
            session.application.open(id, script: script, now: now)
        }
    }

    /// An application that comes while there is no session waits; the time for it has come all the same.
    private func skipStreams(now: Instant) {
        guard self.isDue(self.waiting.first, now: now), let connectTime else { return }
        for index in self.waiting.indices where self.isDue(self.waiting[index], now: now) {
            self.waiting[index].opening = connectTime.milliseconds(since: self.scene.start) + 1
        }
    }
}
