/// The flags of a TCP segment (RFC 9293 §3.1).
package struct SegmentFlags: OptionSet, Hashable, Sendable {
    package var rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let finish = SegmentFlags(rawValue: 0x01)
    package static let synchronize = SegmentFlags(rawValue: 0x02)
    package static let reset = SegmentFlags(rawValue: 0x04)
    /// Marks the segments of tunnels: a kernel sends none to our ports, as its connections carry nothing.
    package static let push = SegmentFlags(rawValue: 0x08)
    package static let acknowledge = SegmentFlags(rawValue: 0x10)

    /// The flags of every segment that carries a datagram (protocol 06 §10).
    package static let datagram: SegmentFlags = [.push, .acknowledge]
    /// The flags of a server's answer to a connection attempt.
    package static let handshakeAnswer: SegmentFlags = [.synchronize, .acknowledge]
}
