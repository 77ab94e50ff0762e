/// What a conversation has counted since it began. A plain value: copies leave the loop, sums are made of them.
public struct Statistics: Hashable, Sendable {
    /// Packets taken without an error.
    public var receivedPackets: UInt64 = 0
    /// Packets with an error; their segments before the error still count.
    public var droppedPackets: UInt64 = 0
    /// Packets written.
    public var sentPackets: UInt64 = 0
    /// Segments of any command taken.
    public var receivedSegments: UInt64 = 0
    /// Segments of any command written.
    public var sentSegments: UInt64 = 0
    /// Bytes that the application wrote.
    public var writtenBytes: UInt64 = 0
    /// Bytes that the application got.
    public var deliveredBytes: UInt64 = 0
    /// Payload of PUSH segments written for the first time, bytes.
    public var sentPayloadBytes: UInt64 = 0
    /// Payload of PUSH segments written for a second or later time, bytes.
    public var retransmittedPayloadBytes: UInt64 = 0
    /// ACK, WASK and WINS segments written.
    public var sentControlSegments: UInt64 = 0
    /// PUSH segments written for a second or later time, for whatever reason.
    public var retransmittedSegments: UInt64 = 0
    /// PUSH segments written while an earlier copy was under way, in case that gets lost; not retransmissions.
    public var copiedSegments: UInt64 = 0
    /// Their payload, bytes.
    public var copiedPayloadBytes: UInt64 = 0
    /// Sent again because enough later segments were acknowledged; with a path controller, because by what has arrived
    /// they count as lost.
    public var fastRetransmissions: UInt64 = 0
    /// Sent again before that, as there was nothing new to send.
    public var earlyRetransmissions: UInt64 = 0
    /// Sent again because their timeout had passed; the original calls these lost. With a path controller, to ask for
    /// acknowledgements that have stopped coming.
    public var timeouts: UInt64 = 0
    /// PUSH segments received that had been received before.
    public var repeatedSegments: UInt64 = 0
    /// PUSH segments received beyond the window, ignored.
    public var segmentsBeyondWindow: UInt64 = 0
    /// Transmissions of acknowledged segments that did not arrive, as far as the acknowledgements tell. An estimate: one
    /// whose acknowledgement was lost counts too, unless a later one covered it in time.
    public var lostTransmissions: UInt64 = 0
    /// PUSH segments received that had been lost before: sent later than one with a higher number. An estimate.
    public var lateSegments: UInt64 = 0

    /// All zero.
    public init() {}

    private static let counters: [any WritableKeyPath<Statistics, UInt64> & Sendable] = [
        \.receivedPackets, \.droppedPackets, \.sentPackets, \.receivedSegments, \.sentSegments, \.writtenBytes,
        \.deliveredBytes, \.retransmittedSegments, \.fastRetransmissions, \.earlyRetransmissions, \.timeouts,
        \.repeatedSegments, \.segmentsBeyondWindow, \.sentPayloadBytes, \.retransmittedPayloadBytes,
        \.sentControlSegments, \.lostTransmissions, \.lateSegments, \.copiedSegments, \.copiedPayloadBytes,
    ]

    /// Adds counter by counter.
    public static func += (left: inout Statistics, right: Statistics) {
        for counter in self.counters { left[keyPath: counter] &+= right[keyPath: counter] }
    }

    /// What was counted since the earlier copy `right`.
    public static func - (left: Statistics, right: Statistics) -> Statistics {
        var difference = left
        for counter in self.counters { difference[keyPath: counter] &-= right[keyPath: counter] }
        return difference
    }
}
