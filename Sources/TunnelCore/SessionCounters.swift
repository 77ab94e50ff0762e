/// What a session counts itself, besides its layers' statistics. Cumulative.
package struct SessionCounters: Hashable, Sendable {
    /// Opened packets that were long enough to look at, and their bytes.
    package var packetsReceived: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    /// Datagrams handed out for sending, and their bytes (UDP payload).
    package var datagramsSent: UInt64 = 0
    package var bytesSent: UInt64 = 0
    /// Packets that were too short or whose KCP header made no sense.
    package var malformedPackets: UInt64 = 0
    package var outOfBandPackets: UInt64 = 0

    package init() {}

    package static func += (left: inout SessionCounters, right: SessionCounters) {
        left.packetsReceived += right.packetsReceived
        left.bytesReceived += right.bytesReceived
        left.datagramsSent += right.datagramsSent
        left.bytesSent += right.bytesSent
        left.malformedPackets += right.malformedPackets
        left.outOfBandPackets += right.outOfBandPackets
    }
}
