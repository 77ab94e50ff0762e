/// What a datagram socket has done since it was opened. Everything only grows, but for the three `is…Active`.
package struct DatagramStatistics: Hashable, Sendable {
    /// Datagrams that the kernel has taken, and their payload.
    package var sentDatagrams: UInt64 = 0
    package var sentBytes: UInt64 = 0
    /// Messages they were sent as: a train of segments is one.
    package var sentMessages: UInt64 = 0
    /// Calls to the kernel, also those that failed.
    package var sendCalls: UInt64 = 0
    /// How often the kernel could take no more for the moment.
    package var blockedSends: UInt64 = 0
    /// Datagrams that the kernel refused for good and that are lost, by its error number.
    package var droppedDatagrams: [Int32: UInt64] = [:]

    /// Datagrams that were handed on, and their payload.
    package var receivedDatagrams: UInt64 = 0
    package var receivedBytes: UInt64 = 0
    /// Messages they came as: a train of coalesced datagrams is one.
    package var receivedMessages: UInt64 = 0
    /// Calls to the kernel, also those that found nothing.
    package var receiveCalls: UInt64 = 0
    /// Datagrams that were thrown away because they are longer than any of the protocol (`maximumDatagramByteCount`).
    package var oversizeDatagrams: UInt64 = 0
    /// Datagrams that found no room in the batch: a peer cut its trains into absurdly small pieces.
    package var unplacedDatagrams: UInt64 = 0
    /// Segments to a disguised port that are none of a tunnel's: cut, or with a wrong checksum.
    package var malformedSegments: UInt64 = 0
    /// Messages that the kernel lost because the receive buffer was full (SO_RXQ_OVFL).
    package var receiveQueueOverflows: UInt64 = 0
    /// Messages that the kernel has turned away for us, see `DatagramCarrier.turnAway`.
    package var turnedAwayMessages: UInt64 = 0
    /// Errors that reading returned, by number; mostly ECONNREFUSED, the echo of an earlier datagram.
    package var receiveErrors: [Int32: UInt64] = [:]

    /// UDP_SEGMENT, UDP_GRO and `sendmmsg`/`recvmmsg` are in use. The first and the last can go off for good when
    /// the kernel refuses.
    package var isSegmentationActive = false
    package var isCoalescingActive = false
    package var isBatchingActive = false

    package init() {}

    /// Adds the counts of another socket. A flag is set if it is set on either.
    package static func += (left: inout DatagramStatistics, right: DatagramStatistics) {
        for counter in Self.counters { left[keyPath: counter] &+= right[keyPath: counter] }
        left.droppedDatagrams.merge(right.droppedDatagrams, uniquingKeysWith: &+)
        left.receiveErrors.merge(right.receiveErrors, uniquingKeysWith: &+)
        left.isSegmentationActive = left.isSegmentationActive || right.isSegmentationActive
        left.isCoalescingActive = left.isCoalescingActive || right.isCoalescingActive
        left.isBatchingActive = left.isBatchingActive || right.isBatchingActive
    }

    private static var counters: [WritableKeyPath<DatagramStatistics, UInt64>] {
        [
            \.sentDatagrams, \.sentBytes, \.sentMessages, \.sendCalls, \.blockedSends, \.receivedDatagrams,
            \.receivedBytes, \.receivedMessages, \.receiveCalls, \.oversizeDatagrams, \.unplacedDatagrams,
            \.malformedSegments, \.receiveQueueOverflows, \.turnedAwayMessages,
        ]
    }
}
