import ErasureCoding
import KCP
import PacketPrimitives

/// What a server does with a packet, given the session that its source address has (protocol 03 §8).
package enum SessionAdmission: Equatable, Sendable {
    /// It belongs to the session of this address.
    case deliver
    /// It starts a conversation; a session that the address has ends. `usesShards`: the client puts FEC headers in front
    /// of its packets.
    case create(conversationID: UInt32, usesShards: Bool)
    /// It belongs to nothing we know.
    case refuse

    /// How far into a conversation its first packet to arrive may be: the first flight, reordered.
    package static let firstFlightSegmentCount: UInt32 = 64

    /// - Parameters:
    ///   - packet: what the envelope held.
    ///   - current: the conversation of the address' session.
    package init(of packet: RawSpan, current: UInt32?) {
        let kind = ShardKind(of: packet)
        guard let segments = Self.segments(of: packet, kind), let header = SegmentHeader(segments) else {
            self = current == nil ? .refuse : .deliver
            return
        }
        if header.conversation == current {
            self = .deliver
        } else if Self.startsConversation(header, replacing: current != nil) {
            self = .create(conversationID: header.conversation, usesShards: kind == .data)
        } else {
            self = .refuse
        }
    }

    /// Where a packet shows its segments; `nil` for parity, out-of-band packets and junk.
    @_lifetime(copy packet)
    package static func segments(of packet: RawSpan) -> RawSpan? { self.segments(of: packet, ShardKind(of: packet)) }

    @_lifetime(copy packet)
    private static func segments(of packet: RawSpan, _ kind: ShardKind?) -> RawSpan? {
        switch kind {
        case nil: packet
        case .data: packet.extracting(droppingFirst: ShardHeader.byteCount)
        case .parity, .outOfBand: nil
        }
    }

    /// Whether something can be a packet of this protocol at all. Behind a cipher without a checksum that is the only
    /// sign of another cipher at the other end.
    package static func isPlausible(_ packet: RawSpan) -> Bool {
        let kind = ShardKind(of: packet)
        guard kind == nil || kind == .data else { return true }
        guard let segments = Self.segments(of: packet, kind), let header = SegmentHeader(segments) else { return false }
        return Command(rawValue: header.command) != nil && header.fragment == 0
            && Int(header.payloadByteCount) <= segments.byteCount - SegmentHeader.byteCount
    }

    /// Whether something that begins with these bytes, 12 or more, can be a packet of this protocol. All packets pass, and
    /// one in sixty of what is random.
    package static func isPlausibleBeginning(_ packet: RawSpan) -> Bool {
        ShardKind(of: packet) != nil || Command(rawValue: packet.littleEndian(at: 4)) != nil
    }

    /// The original starts a session with any packet of an unknown address, which leaves a dead one behind whenever
    /// the server restarts (protocol 08 B2), and lets any segment with number 0 replace a live one (A12). Only data
    /// from the beginning of a conversation does it here.
    private static func startsConversation(_ header: SegmentHeader, replacing: Bool) -> Bool {
        guard Command(rawValue: header.command) == .push, header.expected == 0 else { return false }
        return replacing ? header.number == 0 : header.number < self.firstFlightSegmentCount
    }
}
