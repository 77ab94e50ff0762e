import DatagramIO
import KCP
import PacketPrimitives
import TunnelCore

// A peer whose address changes, or an end of ours that does.
extension HostedSession {
    /// Whether a packet from elsewhere can be one of this session.
    func fits(_ packet: RawSpan) -> Bool { !self.isEnded && self.session.fits(packet) }

    /// Takes a packet of the session that came from another address than the peer's, and says what it means
    /// for where the peer is.
    func handlePacket(
        _ slab: borrowing PacketSlab, _ index: Int, from address: PeerAddress, to local: LocalAddress?, now: Instant
    ) -> PathWatch.Step {
        guard !self.isEnded else { return .wait }
        let hasAnswered = self.session.handlePackets(
            fromCandidate: slab, index..<index + 1, now: now, sink: self)
        self.loop.enqueue(self)
        return self.checkPath(address, hasAnswered: hasAnswered, to: local, now: now)
    }

    /// Looks whether the peer is at `address` by now, and asks if need be.
    /// - Parameter hasAnswered: the last question, just now and from there.
    func checkPath(
        _ address: PeerAddress, hasAnswered: Bool = false, to local: LocalAddress?, now: Instant
    ) -> PathWatch.Step {
        // A question that cannot be sent now would count as one.
        guard !self.isEnded, !self.port.isBlocked else { return .wait }
        let step = self.pathWatch.step(
            address, hasAnswered: hasAnswered, lastHeard: self.lastHeard, now: now)
        if step == .ask { self.ask(address, from: local, now: now) }
        return step
    }

    private func ask(_ address: PeerAddress, from local: LocalAddress?, now: Instant) {
        self.loop.slab.removeAll()
        let token = self.pathWatch.token { self.loop.random.next(as: UInt32.self) }
        self.session.askPath(token: token, into: &self.loop.slab, now: now)
        self.port.sendSlab(to: address, from: local)
    }

    /// From now on the peer is at `address`.
    func move(to address: PeerAddress, from local: LocalAddress?, now: Instant) {
        self.peer = address
        self.destination = self.port.isConnected ? nil : address
        self.source = local
        self.lastHeard = now
        if let path = self.loop.path(to: address, now: now) { self.session.changePath(to: path, now: now) }
        // What is answered first tells what was lost on the old way.
        if self.isWaiting { self.session.probePeer() }
        self.loop.enqueue(self)
    }

    /// Whether the peer goes after a session that comes from another port, as programs of this project do.
    var isFollowed: Bool { self.session.isPeerIntroduced }

    /// Goes on from another socket. What the old one has not sent counts as lost on the way.
    /// - Parameter isOtherRoute: datagrams take another way from now on.
    func move(to port: DatagramPort, isOtherRoute: Bool) {
        self.port = port
        if isOtherRoute { self.session.restartPath(now: self.loop.now) }
        // The old one, which is about to be closed, will not tell any more.
        self.waitsForPort = false
        // What is answered first tells what was lost.
        if self.isWaiting { self.session.probePeer() }
        self.loop.enqueue(self)
    }

    /// A client has answered this question before it got its session.
    func expectAnswer(to challenge: PathChallenge) { self.session.expectAnswer(to: challenge) }
}
