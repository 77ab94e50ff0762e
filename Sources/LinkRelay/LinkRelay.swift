package import NetworkSimulation
package import PacketPrimitives
import Synchronization

/// A stretch of bad network on this machine: a UDP relay that carries datagrams between clients and one server
/// of 127.0.0.1 through two simulated links, with their loss, delay, reordering and rate.
///
/// Clients send to `port`; each of them gets an upstream socket of its own, so that the server tells them apart.
/// Whole IP packets can take the same links, between two network devices. The links are shared by all, as the
/// bottleneck of a real path is. The work is done on one thread, which sleeps until a datagram arrives or is due.
package final class LinkRelay: Sendable {
    /// What the relay carries traffic over, and where to.
    package struct Configuration: Sendable {
        /// The UDP port of 127.0.0.1 to listen on; 0 lets the system choose.
        package var port: UInt16 = 0
        /// The server's UDP port of 127.0.0.1; 0 if there is none.
        package var serverPort: UInt16
        /// Devices whose packets take the links too.
        package var devices: Devices?
        /// The link from the clients to the server.
        package var towardServer: LinkConditions
        /// The link from the server to the clients.
        package var towardClients: LinkConditions
        /// Decides every random event of both links. Time on the links starts with the relay.
        package var seed: UInt64
        /// From how many addresses of this machine, 127.0.0.1 and those behind it, clients in turn seem to come.
        package var hostCount = 1
        /// The thread goes before all others of the machine, where the system allows that: for measurements.
        package var isUrgent = false

        package init(
            port: UInt16 = 0, serverPort: UInt16, towardServer: LinkConditions, towardClients: LinkConditions,
            seed: UInt64
        ) {
            self.port = port
            self.serverPort = serverPort
            self.towardServer = towardServer
            self.towardClients = towardClients
            self.seed = seed
        }
    }

    /// Non-blocking descriptors that give and take one IP packet per call (TUN devices), one at each end. They must
    /// stay open as long as the relay runs.
    package struct Devices: Sendable {
        package var client: Int32
        package var server: Int32

        package init(client: Int32, server: Int32) {
            self.client = client
            self.server = server
        }
    }

    /// Counters since the start.
    package struct Statistics: Sendable, Equatable {
        /// What the links say: datagrams and bytes of UDP payload in and out, and what was lost for which reason.
        package var towardServer = LinkStatistics()
        package var towardClients = LinkStatistics()
        /// Datagrams that came off a link and that a socket of this machine refused. Should be 0.
        package var refusedDatagrams: UInt64 = 0
        /// Datagrams that came while a receive buffer of the relay was full (Linux). Should be 0.
        package var overflowedDatagrams: UInt64 = 0
        /// How many clients have been seen.
        package var clientCount = 0
        /// Bytes of packets that devices have put on the links; they are in what the links say too.
        package var deviceBytes = BothWays<UInt64>(0)
        /// When the bottlenecks will have sent all that waits for them.
        package var busyUntil = BothWays(Instant(microseconds: 0))
        /// Processor time of the relay's thread.
        package var processorMicroseconds = 0
        /// How often a datagram left more than 0.2 ms after it was due, and the worst of them.
        package var lateDepartures: UInt64 = 0
        package var largestLatenessMicroseconds = 0

        package init() {}
    }

    /// Something of each direction.
    package struct BothWays<Value: Sendable & Equatable>: Sendable, Equatable {
        package var towardServer: Value
        package var towardClients: Value

        package init(_ both: Value) {
            self.towardServer = both
            self.towardClients = both
        }
    }

    /// The UDP port of 127.0.0.1 that clients send to.
    package let port: UInt16
    private let shared: RelayShared
    private let thread: RelayThread

    /// Binds the socket and starts to relay.
    package init(_ configuration: Configuration) throws(RelayError) {
        let shared = try RelayShared()
        let loop = try RelayLoop(configuration, shared: shared)
        self.port = loop.listenerPort
        self.shared = shared
        self.thread = try RelayThread(isUrgent: configuration.isUrgent) { loop.run() }
    }

    deinit { self.stop() }

    /// Ends the relay and waits for its thread. What is still on the links is lost. May be called again.
    package func stop() {
        self.shared.order { $0.stop = true }
        self.thread.join()
    }

    /// Gives every client a new upstream port, as a NAT does that has forgotten its mappings.
    package func rebind() { self.shared.order { $0.rebind = true } }

    /// Nothing passes any more between the server and the clients that there are, as with a device on the way that takes
    /// exception to their ports. Clients that come from other ports are not affected.
    package func blockClients() { self.shared.order { $0.blockClients = true } }

    /// The links have other conditions from now on; what is under way arrives as it would have.
    package func change(towardServer: LinkConditions, towardClients: LinkConditions) {
        self.shared.order { $0.conditions = (towardServer, towardClients) }
    }

    /// The time on the links.
    package var now: Instant { self.shared.now }

    /// The counters as they stand now.
    package var statistics: Statistics { self.shared.statistics }
}
