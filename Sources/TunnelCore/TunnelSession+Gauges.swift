import KCP

// How a session is doing at the moment.
extension TunnelSession {
    /// The smoothed round-trip time of the conversation; 0 before the first sample.
    package var smoothedRoundTripMilliseconds: Int { self.conversation.smoothedRoundTripMilliseconds }

    /// How many different segments of stream bytes the conversation has made so far, modulo 2³². Sending one again does
    /// not count.
    package var numberedSegmentCount: UInt32 { self.conversation.numberedSegmentCount }
}
