import FakeTCP
package import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension FakeTCPSocket {
    package func send(
        _ slab: borrowing PacketSlab, startingAt first: Int = 0, to destination: PeerAddress? = nil,
        from source: LocalAddress? = nil
    ) -> SendResult {
        self.now = .now()
        // A peer that is not known has no connection that a segment could be of.
        guard let peer = destination ?? self.remoteAddress, let flow = self.flows.flow(answering: peer, now: self.now)
        else { return self.drop(slab, startingAt: first, ENOTCONN) }
        let local = source?.withPort(self.localAddress.port) ?? self.localAddress
        guard !local.isWildcard, self.outgoing.aim(at: peer, from: source) else {
            return self.drop(slab, startingAt: first, EINVAL)
        }
        return self.send(slab, startingAt: first, Way(flow: flow, local: local, peer: peer))
    }

    /// Between whom segments go, and where their connection stands.
    private struct Way {
        var flow: Flow
        let local: PeerAddress
        let peer: PeerAddress
        let pseudoHeader: PseudoHeader

        init(flow: Flow, local: PeerAddress, peer: PeerAddress) {
            self.flow = flow
            self.local = local
            self.peer = peer
            self.pseudoHeader = PseudoHeader(local, peer)
        }
    }

    private func send(_ slab: borrowing PacketSlab, startingAt first: Int, _ way: consuming Way) -> SendResult {
        var progress = SendProgress(next: first)
        var isBlocked = false
        while progress.next < slab.count, !isBlocked {
            self.outgoing.fill(from: slab, progress.next..<slab.count, usesSegmentation: false)
            self.writeHeaders(way)
            isBlocked = !self.sendOutgoing(&progress)
            let byteCount = self.outgoingByteCount(before: progress.next)
            way.flow.advance(by: byteCount)
            self.flows.advance(way.peer, by: byteCount)
        }
        return isBlocked ? .blocked(next: progress.next) : .complete
    }

    private func writeHeaders(_ way: borrowing Way) {
        var header = way.flow.header(from: way.local.port, to: way.peer.port, now: self.now)
        let pseudoHeader = way.pseudoHeader
        for index in 0..<self.outgoing.count {
            self.outgoing.writeHeader(at: index) { memory, payload in
                header.write(to: &memory, payload: payload, pseudoHeader)
                header.sequence &+= UInt32(truncatingIfNeeded: payload.byteCount)
                return header.byteCount
            }
        }
    }

    /// The payload of the arranged messages that are done with. What the kernel refused for good counts: to the peer
    /// it is a segment that got lost.
    private func outgoingByteCount(before entry: Int) -> Int {
        var byteCount = 0
        for index in 0..<self.outgoing.count where self.outgoing[index].entries.upperBound <= entry {
            byteCount += self.outgoing[index].byteCount
        }
        return byteCount
    }
}
