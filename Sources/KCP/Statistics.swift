/// What a conversation has counted since it began. A plain value: copies leave the loop, sums are made of them.
package struct Statistics: Hashable, Sendable {
    /// Packets taken without an error.
    package var receivedPackets: UInt64 = 0
    /// Packets with an error; their segments before the error still count.
    package var droppedPackets: UInt64 = 0
    /// Packets written.
    package var sentPackets: UInt64 = 0
    /// Segments of any command taken.
    package var receivedSegments: UInt64 = 0
    /// Segments of any command written.
    package var sentSegments: UInt64 = 0
    /// Bytes that the application wrote.
    package var writtenBytes: UInt64 = 0
    /// Bytes that the application got.
    package var deliveredBytes: UInt64 = 0
    /// PUSH segments written for a second or later time, for whatever reason.
    package var retransmittedSegments: UInt64 = 0
    /// Sent again because enough later segments were acknowledged.
    package var fastRetransmissions: UInt64 = 0
    /// Sent again before that, as there was nothing new to send.
    package var earlyRetransmissions: UInt64 = 0
    /// Sent again because their timeout had passed; the original calls these lost.
    package var timeouts: UInt64 = 0
    /// PUSH segments received that had been received before.
    package var repeatedSegments: UInt64 = 0
    /// PUSH segments received beyond the window, ignored.
    package var segmentsBeyondWindow: UInt64 = 0

    /// All zero.
    package init() {}

    private static let counters: [any WritableKeyPath<Statistics, UInt64> & Sendable] = [
        \.receivedPackets, \.droppedPackets, \.sentPackets, \.receivedSegments, \.sentSegments, \.writtenBytes,
        \.deliveredBytes, \.retransmittedSegments, \.fastRetransmissions, \.earlyRetransmissions, \.timeouts,
        \.repeatedSegments, \.segmentsBeyondWindow,
    ]

    /// Adds counter by counter.
    package static func += (left: inout Statistics, right: Statistics) {
        for counter in self.counters { left[keyPath: counter] &+= right[keyPath: counter] }
    }

    /// What was counted since the earlier copy `right`.
    package static func - (left: Statistics, right: Statistics) -> Statistics {
        var difference = left
        for counter in self.counters { difference[keyPath: counter] &-= right[keyPath: counter] }
        return difference
    }
}
