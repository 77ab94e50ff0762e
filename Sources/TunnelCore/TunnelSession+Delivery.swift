import KCP
import Smux

// What has arrived at the other end, and what only looks as if something were left to do.
extension TunnelSession {
    /// Whether nothing is left to do for either end: `isDrained`, and all that came is acknowledged.
    package var isSettled: Bool { !self.streams.multiplexer.hasFrames && self.conversation.isSettled }

    /// Whether streams have something to say that has not been handed to the conversation.
    package var hasStreamFrames: Bool { self.streams.multiplexer.hasStreamFrames }

    /// How many frames have been handed to the conversation so far, without signs of life. All of them have arrived when
    /// `isDrained`.
    package var streamFrameCount: UInt64 {
        let statistics = self.streams.multiplexer.statistics
        return statistics.sentFrameCount &- statistics.sentKeepAliveCount
    }

    /// The same of what applications have said, bytes.
    package var streamByteCount: UInt64 { self.streams.multiplexer.statistics.sentPayloadByteCount }
}
