package import PacketPrimitives

/// Whose congestion control a competing flow has.
package enum CompetitorKind: String, CaseIterable, Sendable {
    case cubic
    case bbr

    var controller: any CongestionController {
        switch self {
        case .cubic: CubicController()
        case .bbr: BBRController()
        }
    }
}

/// A TCP flow with endless data that shares a link with tunnels: both its ends. Packets and acknowledgements pass the
/// same queues as everybody's datagrams.
///
/// Simplified throughout: the receiver acknowledges every packet, its window never limits, and an acknowledgement tells
/// of everything that has arrived (selective acknowledgements without a limit), so that a lost one does no harm.
package final class CompetingFlow {
    /// Payload of a full packet with timestamps, in 1500 IP bytes.
    package static let payloadByteCount = 1448
    /// UDP payload that has the IP length of a full packet and of an acknowledgement with timestamps and blocks.
    private static let packetByteCount = 1500 - LinkConditions.internetOverheadByteCount
    private static let acknowledgementByteCount = 64 - LinkConditions.internetOverheadByteCount

    package let kind: CompetitorKind
    private var sender: FlowSender
    private var receiver = FlowReceiver()
    private var acknowledgedCount = 0
    private var mustAcknowledge = false

    package init(_ kind: CompetitorKind, now: Instant) {
        self.kind = kind
        self.sender = FlowSender(controller: kind.controller, now: now)
    }

    package var nextTimeout: Instant { self.sender.nextTimeout }

    /// The sender's smoothed round-trip time.
    package var roundTripMilliseconds: Double { Double(self.sender.smoothedRoundTripMicroseconds) / 1000 }

    package func handleTimeout(now: Instant) { self.sender.handleTimeout(now: now) }

    /// A packet has come to the receiver; returns the payload that is in order now, bytes.
    package func receivePacket(_ datagram: RawSpan) -> Int {
        guard let header = FlowHeader(datagram) else { return 0 }
        self.mustAcknowledge = true
        return self.receiver.receive(transmission: header.first, packet: header.second) * Self.payloadByteCount
    }

    /// An acknowledgement has come to the sender.
    package func receiveAcknowledgement(_ datagram: RawSpan, now: Instant) {
        guard let header = FlowHeader(datagram) else { return }
        let count = Int(header.first)
        guard count > self.acknowledgedCount else { return }
        self.sender.handleArrivals(self.receiver.arrivals[self.acknowledgedCount..<count], now: now)
        self.acknowledgedCount = count
    }

    /// Sends what is due: each datagram with the bytes that its payload would have.
    package func transmitPackets(now: Instant, _ send: (_ header: RawSpan, _ unseenByteCount: Int) -> Void) {
        while let next = self.sender.nextTransmission(now: now) {
            FlowHeader(first: next.number, second: next.packet).send(byteCount: Self.packetByteCount, send)
        }
    }

    /// Sends the acknowledgement that is due, if one is.
    package func transmitAcknowledgement(_ send: (_ header: RawSpan, _ unseenByteCount: Int) -> Void) {
        guard self.mustAcknowledge else { return }
        self.mustAcknowledge = false
        FlowHeader(first: UInt64(self.receiver.arrivals.count), second: 0)
            .send(byteCount: Self.acknowledgementByteCount, send)
    }
}

/// What a simulated datagram of a flow says, in place of the headers of TCP.
private struct FlowHeader {
    var first: UInt64
    var second: UInt64

    init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// `nil` for a damaged one, which TCP's checksum would find.
    init?(_ datagram: RawSpan) {
        self.init(first: datagram.littleEndian(at: 0), second: datagram.littleEndian(at: 8))
        guard datagram.littleEndian(at: 16) == self.check else { return nil }
    }

    private var check: UInt64 { self.first &+ ~self.second }

    func send(byteCount: Int, _ send: (RawSpan, Int) -> Void) {
        let words = [self.first.littleEndian, self.second.littleEndian, self.check.littleEndian]
        send(unsafe words.span.bytes, byteCount - 24)
    }
}
