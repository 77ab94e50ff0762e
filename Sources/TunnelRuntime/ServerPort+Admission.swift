import Ciphers
import DatagramIO
import KCP
import NIOCore
import PacketPrimitives
import TunnelCore

// Who gets a session.
//
// Behind a cipher with a key the first packet is enough: somebody who has the key has made it. Behind none and null
// anybody can have made it, with any source address; there the source is asked first, with a packet that is not longer
// than its own, and gets the session with its answer.
extension ServerPort {
    /// Whether a client gets its session now. If it has to prove its address first, that is begun.
    func admits(
        _ id: UInt32, usesShards: Bool, _ packet: RawSpan, from peer: PeerAddress, to local: LocalAddress?, now: Instant
    ) -> Bool {
        guard !self.isLeaving else { return false }
        // One that goes on would be lost from sight if a recording of its beginning made another.
        guard !self.directory.register.isKnown(id) else {
            self.ingress.shedding.replayedPackets += 1
            return false
        }
        if let entry = self.gate.halfOpen[peer], entry.challenge.conversation == id {
            self.challengeAgain(entry, packet, from: peer, to: local, now: now)
            return false
        }
        guard self.gate.limiter.allows(peer, now: now) else {
            self.ingress.shedding.hastyPackets += 1
            self.log.shed(
                "hasty", now: now,
                "\(peer) and its neighbours begin more than \(PrefixLimiter.perSecond) sessions per second; some wait")
            return false
        }
        guard self.loop.hasRoom(for: "sessions", log: self.log) else {
            self.loop.memory.shedding.refusedSessions += 1
            return false
        }
        guard self.loop.configuration.cipher.isForgeable else { return true }
        self.challenge(id, usesShards: usesShards, packet, from: peer, to: local, now: now)
        return false
    }

    private func challenge(
        _ id: UInt32, usesShards: Bool, _ packet: RawSpan, from peer: PeerAddress, to local: LocalAddress?, now: Instant
    ) {
        let challenge = PathChallenge(conversation: id, token: self.loop.random.next(as: UInt32.self))
        let displacedCount = self.gate.halfOpen.insert(challenge, usesShards: usesShards, from: peer, now: now)
        self.gate.halfOpen.keep(packet, from: peer)
        self.ingress.shedding.challengedSources += 1
        self.scheduleSweep()
        self.send(challenge, usesShards: usesShards, to: peer, from: local, now: now)
        guard displacedCount > 0 else { return }
        self.ingress.shedding.displacedSources += UInt64(displacedCount)
        self.log.shed(
            "half-open", now: now,
            "more than \(HalfOpenTable.capacity) sources begin sessions and do not answer, the last one \(peer): forged"
                + " addresses? The oldest are forgotten. -crypt \(self.loop.configuration.cipher.name) lets anybody do it"
        )
    }

    /// The same client again: more packets of its first flight, or a repetition because the question was lost.
    private func challengeAgain(
        _ entry: HalfOpenTable.Entry, _ packet: RawSpan, from peer: PeerAddress, to local: LocalAddress?, now: Instant
    ) {
        let isRepeated = SegmentHeader(packet.extracting(droppingFirst: entry.usesShards ? 8 : 0))?.number == 0
        self.gate.halfOpen.keep(packet, from: peer)
        guard isRepeated else { return }
        self.send(entry.challenge, usesShards: entry.usesShards, to: peer, from: local, now: now)
    }

    private func send(
        _ challenge: PathChallenge, usesShards: Bool, to peer: PeerAddress, from local: LocalAddress?, now: Instant
    ) {
        let header = challenge.header(window: self.firstWindow, expected: 0)
        self.send(header, usesShards: usesShards, to: peer, from: local, now: now)
    }

    /// The receive window that clients without a session are told, segments.
    private var firstWindow: UInt16 { UInt16(clamping: self.loop.configuration.conversation.receiveWindow) }

    /// Sends somebody without a session a packet.
    private func send(
        _ header: SegmentHeader, usesShards: Bool, to peer: PeerAddress, from local: LocalAddress?, now: Instant
    ) {
        guard let port, !port.isBlocked else { return }
        self.loop.slab.removeAll()
        header.write(into: &self.loop.slab, usesShards: usesShards, now: now)
        self.loop.envelope.seal(&self.loop.slab, from: 0)
        port.sendSlab(to: peer, from: local)
    }

    // MARK: Sessions of before

    /// Lets somebody know who goes on with a session that is not there, as after a restart. Not too many of a network.
    func disclaim(_ packet: RawSpan, from peer: PeerAddress, to local: LocalAddress?, now: Instant) {
        guard !self.isLeaving, let segments = SessionAdmission.segments(of: packet),
            let header = SegmentHeader(segments), !self.directory.register.isLive(header.conversation),
            let disclaimer = Disclaimer(to: header), self.gate.disclaimers.allows(peer, now: now)
        else { return }
        self.ingress.shedding.disclaimedPackets += 1
        let usesShards = segments.byteCount < packet.byteCount
        self.send(
            disclaimer.header(window: self.firstWindow), usesShards: usesShards, to: peer, from: local, now: now)
    }

    // MARK: The answer

    func isProof(_ packet: RawSpan, from peer: PeerAddress) -> Bool {
        guard let entry = self.gate.halfOpen[peer], let segments = SessionAdmission.segments(of: packet) else {
            return false
        }
        return entry.challenge.isAnswered(by: segments)
    }

    /// Makes the session of a source that has proved its address, and gives it all that has come from there so far.
    func admitProven(
        _ slab: borrowing PacketSlab, _ index: Int, from peer: PeerAddress, to local: LocalAddress?, now: Instant
    ) {
        guard let entry = self.gate.halfOpen.remove(peer) else { return }
        let session = self.makeSession(
            entry.challenge.conversation, peer: peer, local: local, usesShards: entry.usesShards)
        guard let session else { return }
        session.expectAnswer(to: entry.challenge)
        session.handlePackets(entry.slab, 0..<entry.byteCounts.count, now: now)
        session.handlePackets(slab, index..<index + 1, now: now)
    }

    // MARK: Time

    /// Sees to it that the session says something soon.
    func watch(_ session: HostedSession) {
        if let displaced = self.gate.silent.add(session) {
            self.ingress.shedding.displacedSessions += 1
            displaced.end(.closed)
        }
        self.scheduleSweep()
    }

    private func scheduleSweep() {
        guard !self.gate.isSweepScheduled else { return }
        self.gate.isSweepScheduled = true
        self.loop.isolated.scheduleTask(in: .seconds(1)) { self.sweep() }
    }

    /// Drops what had its time.
    private func sweep() {
        self.gate.isSweepScheduled = false
        let now = self.loop.now
        self.ingress.shedding.unprovenSources += UInt64(self.gate.halfOpen.removeExpired(now: now))
        for session in self.gate.silent.takeExpired(now: now) {
            self.ingress.shedding.silentSessions += 1
            session.end(.closed)
        }
        self.accountGate()
        if !self.gate.isEmpty { self.scheduleSweep() }
    }

    /// Tells the loop's budget what those cost that have no session yet.
    func accountGate() {
        let held = self.gate.halfOpen.memoryByteCount
        guard held != self.countedGateByteCount else { return }
        self.loop.memory.change(by: held - self.countedGateByteCount)
        self.countedGateByteCount = held
    }
}
