import Ciphers
import PacketPrimitives
import Smux
import TunnelCore

/// A session of a faulted end with its applications, driven as the program drives it.
final class FaultedSession {
    let application: ScriptedApplication
    /// Where the peer is.
    var address: Int
    /// When something of the conversation came last; for a server from where its peer is.
    private(set) var lastPacket: Instant
    private(set) var lastHeard: Instant?
    /// When its applications last had no room. It does not look whether the peer is silent then.
    var lastFull: Instant?
    var pathWatch = PathWatch()
    /// An address that is looked at once more.
    var pathCheck: PathCheck?
    private var session: TunnelSession
    private let sabotage: Sabotage?
    private var forgottenCount = 0

    struct PathCheck {
        var address: Int
        var time: Instant
        var left: Int
    }

    init(
        conversation: UInt32, configuration: SessionConfiguration, envelope: any PacketEnvelope,
        application: ScriptedApplication, address: Int, clientUsesShards: Bool? = nil, now: Instant, sabotage: Sabotage?
    ) {
        self.application = application
        self.address = address
        self.lastPacket = now
        self.sabotage = sabotage
        self.session = TunnelSession(
            conversationID: conversation, configuration: configuration, envelope: envelope, scratch: FrameScratch(),
            now: now, clientUsesShards: clientUsesShards, path: configuration.makePath(now: now))
    }

    var conversation: UInt32 { self.session.conversationID }
    var configuration: SessionConfiguration { self.session.configuration }
    var failure: SessionFailure? { self.session.failure }
    var figures: SessionFigures { self.session.figures }
    var statistics: SessionStatistics { self.session.statistics }

    /// Both ends' applications are through, and all that was said has arrived.
    var isAtRest: Bool {
        self.application.isSettled && self.session.streamCount == 0 && !self.session.hasStreamFrames
            && self.session.isDrained
    }

    var nextTimeout: Instant? {
        let own = self.sabotage == .lostTimer ? nil : self.session.nextTimeout
        return Instant.earliest(Instant.earliest(own, self.application.nextTimeout), self.pathCheck?.time)
    }

    // MARK: Packets

    /// Takes an opened packet that came from where the peer is.
    func handlePacket(_ slab: borrowing PacketSlab, now: Instant) {
        self.lastPacket = now
        self.lastHeard = now
        self.session.handlePackets(slab, 0..<1, now: now, sink: self.application)
    }

    /// Takes one that came from elsewhere. Returns whether it answers the last question.
    func handlePacket(fromCandidate slab: borrowing PacketSlab, now: Instant) -> Bool {
        self.lastPacket = now
        return self.session.handlePackets(fromCandidate: slab, 0..<1, now: now, sink: self.application)
    }

    func fits(_ packet: RawSpan) -> Bool { self.session.fits(packet) }

    /// Looks whether the peer is at `address` by now.
    func pathStep(_ address: Int, hasAnswered: Bool, now: Instant) -> PathWatch.Step {
        self.pathWatch.step(
            .ipv4(1, port: UInt16(address)), hasAnswered: hasAnswered, lastHeard: self.lastHeard, now: now)
    }

    func ask(token: UInt32, into slab: inout PacketSlab, now: Instant) {
        self.session.askPath(token: token, into: &slab, now: now)
    }

    func move(to address: Int, now: Instant) {
        self.address = address
        self.lastHeard = now
        if self.session.isAwaitingAcknowledgement { self.session.probePeer() }
    }

    // MARK: Time

    /// What a pass of the event loop does, but for the sending.
    func pass(now: Instant) {
        if let next = self.session.nextTimeout, next <= now, self.sabotage != .lostTimer {
            self.session.handleTimeout(now: now)
        }
        if self.sabotage == .hastyDeath, now > Instant(milliseconds: 1300) { self.session.close() }
        self.session.deliverReady(now: now, sink: self.application)
        _ = self.session.takeNotices()
        self.application.act(on: self, now: now)
    }

    /// Fills the slab with what is due; returns how much there is.
    func poll(into slab: inout PacketSlab, now: Instant) -> Int {
        slab.removeAll()
        return self.session.pollDatagrams(into: &slab, now: now, source: self.application)
    }

    /// Nothing of it is left.
    func close() {
        self.session.close()
        self.application.sessionEnded()
    }
}

// MARK: - The applications' calls

extension FaultedSession {
    func openStream() -> StreamID? { self.session.openStream() }

    func announce(_ id: StreamID, byteCount: Int) { self.session.announce(id, byteCount: byteCount) }

    func finish(_ id: StreamID) { self.session.finish(id) }

    func stopReading(_ id: StreamID) { self.session.stopReading(id) }

    func abandon(_ id: StreamID) {
        if self.sabotage != .forgottenStream { self.session.abandon(id) }
    }

    func consumed(_ id: StreamID, byteCount: Int, now: Instant) {
        self.session.consumed(id, byteCount: byteCount, now: now, sink: self.application)
    }
}
