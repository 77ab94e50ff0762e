/// What one conversation is set up with. Values outside of the protocol's range are clamped, not refused: whoever
/// parses the operator's input says what is wrong with it.
public struct Configuration: Sendable {
    /// The smallest KCP mtu that the original takes (protocol 03 §2).
    public static let smallestPacketByteCount = 50
    /// The largest: one datagram (protocol 01 §7).
    public static let largestPacketByteCount = 1500
    /// The largest window that the 16-bit `wnd` field can tell (protocol 08, B10).
    public static let largestWindow = 65535

    /// The KCP mtu: bytes of one packet, headers included, without the layers below.
    public var mtu: Int
    /// Selects the lower bound of the retransmission timeout (30 instead of 100 ms) and the gentler backoff.
    public var noDelay: Bool
    /// The flush cadence, milliseconds, 10…5000.
    public var intervalMilliseconds: Int
    /// After how many ACKs of later segments a segment is sent again; 0 turns it off.
    public var fastResend: Int
    /// Whether the congestion window of protocol 03 §6 limits the sender (`nc` = 0).
    public var congestionControl: Bool
    /// How many segments may be in flight.
    public var sendWindow: Int
    /// How many segments the receiver holds, at most 65535.
    public var receiveWindow: Int
    /// Whether every received packet is acknowledged at once instead of by the cadence (`acknodelay`).
    public var acknowledgeImmediately: Bool
    /// The first sequence number of both directions. Anything but 0 is for tests.
    public var initialSequenceNumber: UInt32

    /// Takes the values as they are, clamped to what the protocol can carry.
    public init(
        mtu: Int, noDelay: Bool, intervalMilliseconds: Int, fastResend: Int, congestionControl: Bool,
        sendWindow: Int, receiveWindow: Int, acknowledgeImmediately: Bool = false, initialSequenceNumber: UInt32 = 0
    ) {
        self.mtu = min(max(mtu, Self.smallestPacketByteCount), Self.largestPacketByteCount)
        self.noDelay = noDelay
        self.intervalMilliseconds = min(max(intervalMilliseconds, 10), 5000)
        self.fastResend = min(max(fastResend, 0), Self.largestWindow)
        self.congestionControl = congestionControl
        self.sendWindow = min(max(sendWindow, 1), Self.largestWindow)
        self.receiveWindow = min(max(receiveWindow, 1), Self.largestWindow)
        self.acknowledgeImmediately = acknowledgeImmediately
        self.initialSequenceNumber = initialSequenceNumber
    }

    /// A mode's row with the sizes that go with it.
    public init(
        profile: Profile, mtu: Int, sendWindow: Int, receiveWindow: Int, acknowledgeImmediately: Bool = false
    ) {
        self.init(
            mtu: mtu, noDelay: profile.noDelay, intervalMilliseconds: profile.intervalMilliseconds,
            fastResend: profile.fastResend, congestionControl: !profile.congestionControlOff,
            sendWindow: sendWindow, receiveWindow: receiveWindow, acknowledgeImmediately: acknowledgeImmediately)
    }

    /// Payload bytes of a full segment.
    public var maximumSegmentByteCount: Int { self.mtu - SegmentHeader.byteCount }
}
