package import PacketPrimitives

/// The flows of a raw socket, by peer.
///
/// Anybody can send segments under any name, so there is little room for peers that nobody has answered, and they are
/// forgotten soon. Who is answered has sent something that made sense to a session.
package struct FlowTable: Sendable {
    private struct Record {
        var flow: Flow
        var lastHeard: Instant

        mutating func handleSegment(_ header: SegmentHeader, _ payloadByteCount: Int, _ now: Instant) {
            self.flow.handleSegment(header, payloadByteCount: payloadByteCount)
            self.lastHeard = now
        }
    }

    private var answered: [PeerAddress: Record] = [:]
    private var strangers: [PeerAddress: Record] = [:]
    private var nextSweep = Instant(microseconds: 0)

    /// A flow that has been silent for this long is forgotten (protocol 06 §10): sessions end before, after 45 s.
    static let lifetimeMilliseconds = 60_000
    static let strangerLifetimeMilliseconds = 5_000
    /// More than the peers of one receive batch, which are answered before the next one is read.
    static let strangerCapacity = 1024

    package init() {}

    /// How many peers are known.
    package var count: Int { self.answered.count + self.strangers.count }

    /// Takes in a segment that carries a datagram, or that opens the connection.
    package mutating func handleSegment(
        _ header: SegmentHeader, payloadByteCount: Int, from peer: PeerAddress, now: Instant
    ) {
        if self.answered[peer]?.handleSegment(header, payloadByteCount, now) != nil { return }
        if self.strangers[peer]?.handleSegment(header, payloadByteCount, now) != nil { return }
        if self.strangers.count >= Self.strangerCapacity { self.makeRoom(now: now) }
        let flow = Flow(firstSegment: header, payloadByteCount: payloadByteCount, now: now)
        self.strangers[peer] = Record(flow: flow, lastHeard: now)
    }

    /// The flow for what we are about to send to `peer`; `nil` if it has not been heard of, or too long ago.
    package mutating func flow(answering peer: PeerAddress, now: Instant) -> Flow? {
        if let record = self.answered[peer] { return record.flow }
        guard let record = self.strangers.removeValue(forKey: peer) else { return nil }
        self.sweep(now: now)
        self.answered[peer] = record
        return record.flow
    }

    /// Notes that this much payload has been sent to `peer`.
    package mutating func advance(_ peer: PeerAddress, by byteCount: Int) {
        self.answered[peer]?.flow.advance(by: byteCount)
    }

    /// Forgets strangers, the older ones if there are any.
    private mutating func makeRoom(now: Instant) {
        let count = self.strangers.count
        self.strangers = self.strangers.filter {
            now.milliseconds(since: $0.value.lastHeard) < Self.strangerLifetimeMilliseconds
        }
        if self.strangers.count == count { self.strangers.removeAll(keepingCapacity: true) }
    }

    /// Forgets silent flows; once per lifetime is enough for the table not to grow for ever.
    private mutating func sweep(now: Instant) {
        guard now >= self.nextSweep else { return }
        self.nextSweep = now.advanced(milliseconds: Self.lifetimeMilliseconds)
        self.answered = self.answered.filter {
            now.milliseconds(since: $0.value.lastHeard) < Self.lifetimeMilliseconds
        }
    }
}
