package import NetworkSimulation
import PacketPrimitives
import Synchronization

/// A stretch of bad network on this machine: a UDP relay that carries datagrams between clients and one server
/// of 127.0.0.1 through two simulated links, with their loss, delay, reordering and rate.
///
/// Clients send to `port`; each of them gets an upstream socket of its own, so that the server tells them apart.
/// The links are shared by all clients, as the bottleneck of a real path is. The work is done on one thread, which
/// sleeps until a datagram arrives or is due.
package final class LinkRelay: Sendable {
    /// What the relay carries traffic over, and where to.
    package struct Configuration: Sendable {
        /// The UDP port of 127.0.0.1 to listen on; 0 lets the system choose.
        package var port: UInt16 = 0
        /// The server's UDP port of 127.0.0.1.
        package var serverPort: UInt16
        /// The link from the clients to the server.
        package var towardServer: LinkConditions
        /// The link from the server to the clients.
        package var towardClients: LinkConditions
        /// Decides every random event of both links. Time on the links starts with the relay.
        package var seed: UInt64

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

    /// Counters since the start.
    package struct Statistics: Sendable, Equatable {
        /// What the links say: datagrams and bytes of UDP payload in and out, and what was lost for which reason.
        package var towardServer = LinkStatistics()
        package var towardClients = LinkStatistics()
        /// Datagrams that came off a link and that a socket of this machine refused. Should be 0.
        package var refusedDatagrams: UInt64 = 0
        /// How many clients have been seen.
        package var clientCount = 0

        package init() {}
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
        self.thread = try RelayThread { loop.run() }
    }

    deinit { self.stop() }

    /// Ends the relay and waits for its thread. What is still on the links is lost. May be called again.
    package func stop() {
        self.shared.order { $0.stop = true }
        self.thread.join()
    }

    /// Gives every client a new upstream port, as a NAT does that has forgotten its mappings.
    package func rebind() { self.shared.order { $0.rebind = true } }

    /// The counters as they stand now.
    package var statistics: Statistics { self.shared.statistics }
}
