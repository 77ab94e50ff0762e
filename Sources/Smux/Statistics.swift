/// What a session has done so far. Every counter only grows.
public struct Statistics: Equatable, Sendable {
    /// Frames of any command built.
    public var sentFrameCount: UInt64 = 0
    /// Headers of any command taken.
    public var receivedFrameCount: UInt64 = 0
    /// Payload of PSH frames, bytes.
    public var sentPayloadByteCount: UInt64 = 0
    /// Payload of PSH frames, bytes, with that which nobody wanted.
    public var receivedPayloadByteCount: UInt64 = 0
    /// Received payload for streams that are unknown, finished, abandoned or not read any more, bytes.
    public var discardedByteCount: UInt64 = 0
    /// Window updates built (version 2).
    public var sentWindowUpdateCount: UInt64 = 0
    /// Window updates taken (version 2).
    public var receivedWindowUpdateCount: UInt64 = 0
    /// Streams that we opened.
    public var openedStreamCount: UInt64 = 0
    /// Streams that the peer opened.
    public var acceptedStreamCount: UInt64 = 0
    /// Streams of the peer that were refused: over the limit, or it may open none.
    public var refusedStreamCount: UInt64 = 0
    /// Streams that the peer cut off in both directions.
    public var abortedStreamCount: UInt64 = 0
    /// Signs of life built.
    public var sentKeepAliveCount: UInt64 = 0
    /// Signs of life taken.
    public var receivedKeepAliveCount: UInt64 = 0

    /// All zero.
    public init() {}

    /// Adds counter by counter.
    public static func += (total: inout Self, other: Self) {
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
