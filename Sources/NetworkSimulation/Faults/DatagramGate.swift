import Ciphers
import KCP
import PacketPrimitives
import TunnelCore

/// Where datagrams enter and leave a faulted end: seals, opens, and has the memory for both.
struct DatagramGate: ~Copyable {
    let envelope: any PacketEnvelope
    private(set) var arrivals = PacketSlab(slotCount: 1)
    private var departures: PacketSlab
    private let mtu: Int

    /// More bursts at one moment than any window lets out.
    private static let burstLimit = 4096

    init(_ configuration: SessionConfiguration, seed: UInt64) {
        self.envelope = configuration.cipher.makeEnvelope(
            key: configuration.derivedKey, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: seed)))
        self.departures = PacketSlab(slotCount: configuration.slotCount(forBurst: 16))
        self.mtu = configuration.mtu
    }

    /// Opens a datagram; then it is in `arrivals`. Returns whether it is one of ours.
    mutating func open(_ datagram: RawSpan) -> Bool {
        guard datagram.byteCount <= PacketSlab.maximumDatagramByteCount else { return false }
        self.arrivals.removeAll()
        self.arrivals.takeSlot(byteCount: datagram.byteCount)
        self.arrivals.copyBytes(from: datagram, at: 0)
        _ = self.envelope.open(&self.arrivals, from: 0)
        return self.arrivals[0].byteCount > 0
    }

    /// The first segment of what has arrived; `nil` if it shows none.
    var header: (segment: SegmentHeader, usesShards: Bool)? {
        let packet = self.arrivals.bytes(at: 0)
        guard let segments = SessionAdmission.segments(of: packet), let segment = SegmentHeader(segments) else {
            return nil
        }
        return (segment, segments.byteCount < packet.byteCount)
    }

    /// Sends all that is due.
    mutating func drain(
        _ session: FaultedSession, findings: FindingList, now: Instant, _ send: (RawSpan) -> Void
    ) {
        for _ in 0..<Self.burstLimit {
            guard session.poll(into: &self.departures, now: now) > 0 else { return }
            self.send(findings: findings, send)
        }
        findings.add("a session sends without end")
    }

    /// Sends what `write` puts into the slab, sealed or not.
    mutating func send(
        sealing: Bool, findings: FindingList, _ write: (inout PacketSlab) -> Void, _ send: (RawSpan) -> Void
    ) {
        self.departures.removeAll()
        write(&self.departures)
        if sealing { self.envelope.seal(&self.departures, from: 0) }
        self.send(findings: findings, send)
    }

    private func send(findings: FindingList, _ send: (RawSpan) -> Void) {
        for index in 0..<self.departures.count {
            let datagram = self.departures.bytes(at: index)
            if datagram.byteCount > self.mtu { findings.add("a datagram of \(datagram.byteCount) bytes") }
            send(datagram)
        }
    }
}
