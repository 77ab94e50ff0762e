import ErasureCoding
import KCP
import LinkRelay
import NetworkSimulation
import TunnelCore
import TunnelRuntime

/// What has happened in one direction: on the link, and at the two ends that repaired it.
struct DemoTraffic: Hashable, Sendable {
    /// Datagrams that the sender put on the link, and their UDP payload.
    var datagrams: UInt64 = 0
    var wireBytes: UInt64 = 0
    /// Lost as the scenario wants it.
    var lostDatagrams: UInt64 = 0
    /// Lost because the queue in front of the link was full.
    var overflowedDatagrams: UInt64 = 0
    /// Datagrams that the receiver rebuilt from parity.
    var recoveredPackets: UInt64 = 0
    /// Segments that the sender sent again, and how many of them because of a time-out.
    var retransmittedSegments: UInt64 = 0
    var timedOutSegments: UInt64 = 0
    /// Segments that arrived more than once: sent again, or rebuilt, without need.
    var repeatedSegments: UInt64 = 0

    /// Nothing.
    init() {}

    init(sender: HostStatistics, receiver: HostStatistics, link: LinkStatistics) {
        self.datagrams = link.sentDatagrams
        self.wireBytes = link.sentBytes
        self.lostDatagrams = link[.chance]
        self.overflowedDatagrams = link.lostDatagrams - link[.chance]
        self.recoveredPackets = receiver.sessions.parityDecoder.recoveredPackets
        self.retransmittedSegments = sender.sessions.conversation.retransmittedSegments
        self.timedOutSegments = sender.sessions.conversation.timeouts
        self.repeatedSegments = receiver.sessions.conversation.repeatedSegments
    }

    private static let counters: [any WritableKeyPath<DemoTraffic, UInt64> & Sendable] = [
        \.datagrams, \.wireBytes, \.lostDatagrams, \.overflowedDatagrams, \.recoveredPackets,
        \.retransmittedSegments, \.timedOutSegments, \.repeatedSegments,
    ]

    /// What has happened since the earlier copy `right`.
    static func - (left: DemoTraffic, right: DemoTraffic) -> DemoTraffic {
        var difference = left
        for counter in Self.counters { difference[keyPath: counter] &-= right[keyPath: counter] }
        return difference
    }
}

/// What has happened in both directions at one moment.
struct DemoCounters: Hashable, Sendable {
    private var up: DemoTraffic
    private var down: DemoTraffic

    init(client: HostStatistics, server: HostStatistics, link: LinkRelay.Statistics) {
        self.up = DemoTraffic(sender: client, receiver: server, link: link.towardServer)
        self.down = DemoTraffic(sender: server, receiver: client, link: link.towardClients)
    }

    subscript(direction: DemoDirection) -> DemoTraffic { direction == .up ? self.up : self.down }
}

extension DemoDirection {
    /// Where the acknowledgements go.
    var opposite: DemoDirection { self == .up ? .down : .up }
}
