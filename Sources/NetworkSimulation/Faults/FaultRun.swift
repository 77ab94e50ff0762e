import PacketPrimitives
import TunnelCore

/// A client and a server in virtual time, and all that can go wrong between them.
///
/// First things go wrong as the plan has it. Then nothing does any more: all streams of sessions that live have to get to
/// their ends, and new ones have to be served. Then the client is gone without a word, and the server has to notice.
package final class FaultRun {
    private static let start = Instant(milliseconds: 1000)
    /// How long what is left of the streams may take once nothing goes wrong, and how many new ones may be lost because
    /// their session turns out to be dead.
    private static let calmMilliseconds = 200_000
    private static let probeLimit = 4
    /// Longer than any session lives without its client. The watch looks after each session's own limit.
    private static let silenceMilliseconds = 200_000
    /// More than any plan needs.
    private static let stepLimit = 2_000_000
    private static let stepLimitOfMoment = 20_000

    private let plan: FaultPlan
    private let findings: FindingList
    private let registry = StreamRegistry()
    private let network: FaultedNetwork
    private let client: FaultedClient
    private let server: FaultedServer
    private var now = FaultRun.start
    private var events: ArraySlice<FaultSchedule.Entry>
    private var stepCount = 0
    private var momentStepCount = 0

    package init(_ plan: FaultPlan, sabotage: Sabotage? = nil) {
        let start = Self.start
        self.plan = plan
        self.findings = FindingList(start: start)
        self.network = FaultedNetwork(plan, start: start)
        self.events = plan.schedule.entries[...]
        let watch = SessionWatch(plan, start: start, registry: self.registry, findings: self.findings)
        let scene = FaultScene(
            plan: plan, network: self.network, registry: self.registry, findings: self.findings, watch: watch,
            start: start, sabotage: sabotage)
        self.client = FaultedClient(scene)
        self.server = FaultedServer(scene)
    }

    /// The run of a plan.
    package static func outcome(of plan: FaultPlan, sabotage: Sabotage? = nil) -> FaultOutcome {
        FaultRun(plan, sabotage: sabotage).run()
    }

    package func run() -> FaultOutcome {
        self.pass()
        self.run(until: self.time(self.plan.schedule.calmTime)) { false }
        self.network.calm()
        self.settle()
        self.probe()
        self.fallSilent()
        return self.outcome
    }

    private func time(_ milliseconds: Int) -> Instant { Self.start.advanced(milliseconds: milliseconds) }

    private var outcome: FaultOutcome {
        let links = self.network.statistics
        return FaultOutcome(
            findings: self.findings.texts, client: self.client.counts, server: self.server.counts,
            towardServer: links.towardServer, towardClient: links.towardClient, replayCount: self.network.replayCount,
            milliseconds: self.now.milliseconds(since: Self.start), stepCount: self.stepCount)
    }

    // MARK: Parts

    /// The streams get to their ends.
    private func settle() {
        self.run(until: self.now.advanced(milliseconds: Self.calmMilliseconds)) { self.isAtRest }
        guard self.findings.isEmpty, !self.isAtRest else { return }
        self.findings.add(
            "not all is over: \(self.client.session?.application.progress ?? "no session");"
                + self.server.sessions.values.map { " \($0.application.progress)" }.joined(separator: ";"))
    }

    private var isAtRest: Bool { self.client.isAtRest && self.server.isAtRest(self.client.session?.conversation) }

    /// A new stream is served; not always the first one, whose session may be dead without knowing it.
    private func probe() {
        for _ in 0..<Self.probeLimit where self.findings.isEmpty {
            let count = self.client.completeStreamCount
            self.client.add(
                StreamScript(
                    opening: self.now.milliseconds(since: Self.start), requestByteCount: 3000, answerByteCount: 3000))
            self.settle()
            if self.client.completeStreamCount > count { return }
        }
        if self.findings.isEmpty { self.findings.add("new streams are not served") }
    }

    /// The client is gone, and so are the sessions of the server after a while.
    private func fallSilent() {
        self.client.leave()
        self.run(until: self.now.advanced(milliseconds: Self.silenceMilliseconds)) { self.server.sessions.isEmpty }
        if self.findings.isEmpty, !self.server.sessions.isEmpty {
            self.findings.add("a session lives although its client is gone")
        }
    }

    // MARK: Time

    private func run(until end: Instant, _ isDone: () -> Bool) {
        while self.findings.isEmpty, !isDone() {
            guard let next = self.nextEvent, next <= end else {
                self.advance(to: max(end, self.now))
                return self.pass()
            }
            self.advance(to: max(next, self.now))
            self.step()
        }
    }

    private var nextEvent: Instant? {
        let own = Instant.earliest(self.events.first.map { self.time($0.time) }, self.network.nextDelivery)
        return Instant.earliest(own, .earliest(self.client.nextTimeout, self.server.nextTimeout))
    }

    private func advance(to time: Instant) {
        self.momentStepCount = time == self.now ? self.momentStepCount + 1 : 0
        self.now = time
        self.findings.now = time
        if self.momentStepCount > Self.stepLimitOfMoment { self.findings.add("something is due again and again") }
    }

    private func step() {
        let now = self.now
        self.stepCount += 1
        if self.stepCount > Self.stepLimit { self.findings.add("the run does not come to its end") }
        while let entry = self.events.first, self.time(entry.time) <= now {
            self.events.removeFirst()
            self.happen(entry.event)
        }
        self.network.deliverToServer(now: now) { self.server.receive($0, from: $1, now: now) }
        self.network.deliverToClient(now: now) { self.client.receive($0, now: now) }
        self.pass()
    }

    private func pass() {
        self.client.pass(now: self.now)
        self.server.pass(now: self.now)
    }

    private func happen(_ event: FaultSchedule.Event) {
        switch event {
        case .rebinding: self.network.rebind()
        case .clientRestart(let down): self.client.restart(downMilliseconds: down, now: self.now)
        case .serverRestart(let down): self.server.restart(downMilliseconds: down, now: self.now)
        case .replay(let count, let fromElsewhere):
            self.network.replay(count: count, fromElsewhere: fromElsewhere, now: self.now)
        }
    }
}
