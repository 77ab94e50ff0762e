import Ciphers
import DatagramIO
import KCP
import Logging
import NIOCore
import PacketPrimitives
import TunnelCore

// Clients whose address has changed.
extension ServerPort {
    /// Gives a packet from an unexpected address to the session that it belongs to, here or on another loop. Returns
    /// whether there is one.
    func followOrHandOver(
        _ slab: borrowing PacketSlab, _ index: Int, from address: PeerAddress, to local: LocalAddress?, now: Instant
    ) -> Bool {
        let packet = slab.bytes(at: index)
        guard let segments = SessionAdmission.segments(of: packet), let header = SegmentHeader(segments) else {
            // Parity does not show which session it is of.
            guard let conversation = self.guests[address] else { return false }
            return self.handOver(conversation, slab, index, from: address, to: local)
        }
        guard let session = self.conversations[header.conversation] else {
            return self.handOver(header.conversation, slab, index, from: address, to: local)
        }
        guard session.fits(packet) else { return false }
        session.pathChecksLeft = Self.checksPerPacket
        let step = session.handlePacket(slab, index, from: address, to: local, now: now)
        self.act(on: step, session, address, local, now: now)
        return true
    }

    /// A packet may be the last for long: how often the address that it came from is looked at once more.
    private static let checksPerPacket = 3

    private func act(
        on step: PathWatch.Step, _ session: HostedSession, _ address: PeerAddress, _ local: LocalAddress?, now: Instant
    ) {
        if step == .move { return self.move(session, to: address, local: local, now: now) }
        if step == .ask, session.pathWatch.hasGivenUp { self.ingress.shedding.unansweredMoves += 1 }
        guard !session.isPathCheckScheduled, session.pathChecksLeft > 0 else { return }
        session.pathChecksLeft -= 1
        session.isPathCheckScheduled = true
        self.loop.isolated.scheduleTask(in: .milliseconds(Int64(PathWatch.askMilliseconds))) {
            session.isPathCheckScheduled = false
            let now = self.loop.now
            guard !session.isEnded, session.peer != address else { return }
            self.act(on: session.checkPath(address, to: local, now: now), session, address, local, now: now)
        }
    }

    private func move(_ session: HostedSession, to address: PeerAddress, local: LocalAddress?, now: Instant) {
        let old = session.peer
        if let other = self.sessions[address] { other.end(.closed) }
        self.sessions[old] = nil
        self.sessions[address] = session
        session.move(to: address, from: local, now: now)
        self.ingress.shedding.movedSessions += 1
        self.log.general.info("session moved: \(old) is at \(address) now")
    }

    // MARK: Other loops

    private func handOver(
        _ conversation: UInt32, _ slab: borrowing PacketSlab, _ index: Int, from address: PeerAddress,
        to local: LocalAddress?
    ) -> Bool {
        guard let home = self.directory.home(of: conversation, otherThan: self.loop.eventLoop) else {
            self.guests.remove(address)
            return false
        }
        self.guests.note(address, conversation)
        self.ingress.shedding.handedOverPackets += 1
        let bytes = [UInt8](copying: slab.bytes(at: index))
        let fingerprint = self.loop.replays.fingerprint(at: index)
        home.eventLoop.execute { home.value.takeHandedOver(bytes, fingerprint, from: address, to: local) }
        return true
    }

    /// A packet for a session of this loop that the kernel has given to another one. It may be the copy of one that came
    /// here.
    private func takeHandedOver(
        _ bytes: [UInt8], _ fingerprint: UInt64?, from address: PeerAddress, to local: LocalAddress?
    ) {
        guard self.loop.takeOver(fingerprint, now: self.loop.now) else {
            self.ingress.replayedDatagrams += 1
            return
        }
        var slab = PacketSlab(byteCapacity: bytes.count, entryCapacity: 1)
        slab.appendEntry(offset: 0, byteCount: bytes.count)
        unsafe slab.copyBytes(from: bytes.span.bytes, at: 0)
        self.route(slab, 0..<1, from: address, to: local, now: self.loop.now)
    }
}
