import DatagramIO
import Logging
import NIOCore
import PacketPrimitives
import Smux
import TunnelCore

// Whether the server answers, and what it may mean that it does not.
extension ClientConnection {
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

    func log(_ finding: AnswerWatch.Finding, now: Instant) {
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

    func noteRefusal(_ error: any Error) {
        let packetCount = self.session.statistics.session.packetsReceived
        if self.session.isWaiting, self.watch.noteRefusal(packetCount: packetCount) {
            self.log.explain(
                "refused", about: self.session.peer, now: self.loop.now,
                "\(self.session.peer) refuses our packets (\(ErrorText.reason(of: error))): is kcptun-server running there, on that port?"
            )
        }
        self.owner?.connection(self, refusedBecauseOf: error)
    }
}
