import Ciphers
import PacketPrimitives
import Smux
import TunnelCore

/// The client's end: one session at a time, and the streams that its applications want.
final class FaultedClient {
    private let plan: FaultPlan
    private let network: FaultedNetwork
    private let registry: StreamRegistry
    private let findings: FindingList
    private let watch: SessionWatch
    private let sabotage: Sabotage?
    private var gate: DatagramGate
    private let random: SeededRandomSource
    private let start: Instant
    private var waiting: ArraySlice<StreamScript>
    private(set) var session: FaultedSession?
    /// When there is to be a session again; `nil` for never.
    private var connectTime: Instant?
    private(set) var counts = FaultCounts()

    /// Between the end of a session and the next.
    private static let retryMilliseconds = 200

    init(
        _ plan: FaultPlan, network: FaultedNetwork, registry: StreamRegistry, findings: FindingList,
        watch: SessionWatch, start: Instant, sabotage: Sabotage?
    ) {
        self.plan = plan
        self.network = network
        self.registry = registry
        self.findings = findings
        self.watch = watch
        self.sabotage = sabotage
        self.gate = DatagramGate(plan.client, seed: plan.seed &+ 4)
        self.random = SeededRandomSource(seed: plan.seed &+ 5)
        self.start = start
        self.waiting = plan.streams[...]
        self.connectTime = start
    }

    var nextTimeout: Instant? {
        let opening = self.waiting.first.map { self.start.advanced(milliseconds: $0.opening) }
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
        self.registry.noteLoss(of: session.conversation, by: .client)
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
        self.gate.drain(session, findings: self.findings, now: now) { self.network.sendToServer($0, now: now) }
        guard let failure = session.failure else { return self.watch.check(session, now: now) }
        self.watch.judge(failure, of: session, now: now)
        self.counts.failures += 1
        self.drop()
        self.connectTime = now.advanced(milliseconds: Self.retryMilliseconds)
    }

    private func connect(now: Instant) {
        self.network.beginSession()
        let conversation = self.random.next(as: UInt32.self)
        self.counts.sessions += 1
        self.session = FaultedSession(
            conversation: conversation, configuration: self.plan.client, envelope: self.gate.envelope,
            application: ScriptedApplication(
                role: .client, conversation: conversation, registry: self.registry, findings: self.findings,
                sabotage: self.sabotage),
            address: 0, now: now, sabotage: self.sabotage)
    }

    private func isDue(_ script: StreamScript?, now: Instant) -> Bool {
        script.map { self.start.advanced(milliseconds: $0.opening) <= now } ?? false
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
            self.waiting[index].opening = connectTime.milliseconds(since: self.start) + 1
        }
    }
}
