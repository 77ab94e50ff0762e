/// What a session has done so far. Every counter only grows.
package struct Statistics: Equatable, Sendable {
    package var sentFrameCount: UInt64 = 0
    package var receivedFrameCount: UInt64 = 0
    /// Payload of PSH frames, bytes.
    package var sentPayloadByteCount: UInt64 = 0
    /// Payload of PSH frames, bytes, with that which nobody wanted.
    package var receivedPayloadByteCount: UInt64 = 0
    /// Received payload for streams that are unknown, finished, abandoned or not read any more, bytes.
    package var discardedByteCount: UInt64 = 0
    package var sentWindowUpdateCount: UInt64 = 0
    package var receivedWindowUpdateCount: UInt64 = 0
    /// Streams that we opened.
    package var openedStreamCount: UInt64 = 0
    /// Streams that the peer opened.
    package var acceptedStreamCount: UInt64 = 0
    /// Streams of the peer that were over the limit.
    package var refusedStreamCount: UInt64 = 0
    /// Streams that the peer cut off in both directions.
    package var abortedStreamCount: UInt64 = 0
    package var sentKeepAliveCount: UInt64 = 0
    package var receivedKeepAliveCount: UInt64 = 0

    package init() {}

    /// Adds counter by counter.
    package static func += (total: inout Self, other: Self) {
        total.sentFrameCount += other.sentFrameCount
        total.receivedFrameCount += other.receivedFrameCount
        total.sentPayloadByteCount += other.sentPayloadByteCount
        total.receivedPayloadByteCount += other.receivedPayloadByteCount
        total.discardedByteCount += other.discardedByteCount
        total.sentWindowUpdateCount += other.sentWindowUpdateCount
        total.receivedWindowUpdateCount += other.receivedWindowUpdateCount
        total.openedStreamCount += other.openedStreamCount
        total.acceptedStreamCount += other.acceptedStreamCount
        total.refusedStreamCount += other.refusedStreamCount
        total.abortedStreamCount += other.abortedStreamCount
        total.sentKeepAliveCount += other.sentKeepAliveCount
        total.receivedKeepAliveCount += other.receivedKeepAliveCount
    }
}
