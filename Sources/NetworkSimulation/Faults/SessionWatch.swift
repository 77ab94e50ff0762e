import PacketPrimitives
import Smux
import TunnelCore

/// Looks after each pass whether a session is as it should be.
final class SessionWatch {
    private let plan: FaultPlan
    private let start: Instant
    private let registry: StreamRegistry
    private let findings: FindingList
    private let budgets: [TunnelRole: SessionBudget]
    private var passCount = 0

    /// Between two looks at the memory; a look takes as long as a few packets.
    private static let passesPerLook = 8
    /// Timers are coarse, and so is the end of a silence.
    private static let toleranceMilliseconds = 1000

    init(_ plan: FaultPlan, start: Instant, registry: StreamRegistry, findings: FindingList) {
        self.plan = plan
        self.start = start
        self.registry = registry
        self.findings = findings
        self.budgets = [.client: SessionBudget(plan.client), .server: SessionBudget(plan.server)]
    }

    /// To be called for every session that lives.
    func check(_ session: FaultedSession, now: Instant) {
        self.checkSilence(session, now: now)
        self.passCount += 1
        guard self.passCount % Self.passesPerLook == 0 else { return }
        let role = session.configuration.role
        if let excess = self.budgets[role]?.excess(of: session) {
            self.findings.add("the \(role) holds \(excess)")
        }
    }

    private func checkSilence(_ session: FaultedSession, now: Instant) {
        let multiplexer = session.configuration.multiplexer
        if session.application.heldByteCount >= multiplexer.receiveBufferByteCount { session.lastFull = now }
        let since = max(session.lastPacket, session.lastFull ?? session.lastPacket)
        // What has come may have waited in the conversation until the application had taken some.
        let limit = 1500 * multiplexer.keepAliveTimeoutSeconds + 5 * Self.toleranceMilliseconds
        guard now.milliseconds(since: since) > limit else { return }
        self.findings.add(
            "a session of the \(session.configuration.role) lives although nothing has come for"
                + " \(now.milliseconds(since: since)) ms")
    }

    // MARK: Ends

    /// A session has failed by itself: with good reason?
    func judge(_ failure: SessionFailure, of session: FaultedSession, now: Instant) {
        let role = session.configuration.role
        let conversation = session.conversation
        switch failure {
        case .forgottenByServer where role == .client && self.registry.isLostByServer(conversation): return
        case .multiplexer(.peerSilent) where self.registry.isLost(conversation): return
        case .multiplexer(.peerSilent) where self.isExcused(session, now: now): return
        default: self.findings.add("the session of the \(role) has failed without a reason: \(failure)")
        }
    }

    /// Whether nothing may have come through for so long that the peer seems gone.
    private func isExcused(_ session: FaultedSession, now: Instant) -> Bool {
        guard !self.plan.isHostile else { return true }
        let limit = 1500 * session.configuration.multiplexer.keepAliveTimeoutSeconds + Self.toleranceMilliseconds
        let time = now.milliseconds(since: self.start)
        return self.plan.schedule.blackouts.contains { blackout in
            // What was sent last before its end comes again after as long as it has waited already.
            let end = blackout.start + 3 * blackout.milliseconds + 3000
            return blackout.start <= time && end + limit >= time
        }
    }
}
