import NetworkSimulation
import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The relay's work, all of it on one thread: take what has arrived, put it on a link, send on what is due.
final class RelayLoop {
    /// One client: the port it sends from, and the socket that stands for it at the server.
    private struct Flow {
        let clientPort: UInt16
        var upstream: RelaySocket
    }

    /// The most datagrams that are taken from one socket before the others have their turn.
    private static let burstLimit = 64
    /// Longer than any datagram of the protocol (protocol 01 §7).
    private static let bufferByteCount = 2048

    private let configuration: LinkRelay.Configuration
    private let shared: RelayShared
    private let start = ContinuousClock.now
    private let listener: RelaySocket
    /// Index: the client's number.
    private var flows: [Flow] = []
    private var flowNumbers: [UInt16: Int] = [:]
    private var towardServer: Link
    private var towardClients: Link
    private var statistics = LinkRelay.Statistics()
    /// The wake-up pipe, the listener, then the upstream sockets by client number.
    private var pollSet: [pollfd] = []
    private var buffer = [UInt8](repeating: 0, count: RelayLoop.bufferByteCount)

    init(_ configuration: LinkRelay.Configuration, shared: RelayShared) throws(RelayError) {
        self.configuration = configuration
        self.shared = shared
        self.listener = try RelaySocket(port: configuration.port)
        self.towardServer = Link(conditions: configuration.towardServer, seed: configuration.seed)
        self.towardClients = Link(conditions: configuration.towardClients, seed: ~configuration.seed)
        self.renewPollSet()
    }

    var listenerPort: UInt16 { self.listener.port }

    /// Relays until the owner orders to stop.
    func run() {
        while true {
            self.wait()
            if self.isReadable(0) {
                let orders = self.shared.takeOrders()
                if orders.stop { return }
                if orders.rebind { self.rebindAll() }
            }
            self.takeFromClients()
            self.takeFromServer()
            self.deliverDue()
            self.publishStatistics()
        }
    }

    // MARK: Waiting

    /// Sleeps until a socket is readable or a datagram is due. `poll` counts in milliseconds, so a datagram
    /// leaves up to one millisecond late; on the links that are simulated that is within the jitter.
    private func wait() {
        let due = Instant.earliest(self.towardServer.nextDelivery, self.towardClients.nextDelivery)
        let timeout = due.map { due in
            let now = self.now
            return due <= now ? 0 : Int32(clamping: (due.microseconds(since: now) + 999) / 1000)
        }
        _ = unsafe poll(&self.pollSet, nfds_t(self.pollSet.count), timeout ?? -1)
    }

    private func isReadable(_ index: Int) -> Bool { self.pollSet[index].revents != 0 }

    private func renewPollSet() {
        let descriptors =
            [self.shared.wakeDescriptor, self.listener.descriptor] + self.flows.map(\.upstream.descriptor)
        self.pollSet = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }

    /// Time since the relay was made.
    private var now: Instant {
        let elapsed = self.start.duration(to: .now).components
        return Instant(
            microseconds: UInt64(elapsed.seconds) * 1_000_000 + UInt64(elapsed.attoseconds / 1_000_000_000_000))
    }

    // MARK: Onto the links

    private func takeFromClients() {
        guard self.isReadable(1) else { return }
        let now = self.now
        let knownFlowCount = self.flows.count
        for _ in 0..<Self.burstLimit {
            guard
                let (byteCount, port) = unsafe self.buffer.withUnsafeMutableBytes({
                    unsafe self.listener.receive(into: $0)
                })
            else { break }
            guard let flow = self.flowNumber(ofClient: port) else { continue }
            self.towardServer.send(unsafe self.buffer.span.bytes.extracting(0..<byteCount), tag: flow, now: now)
        }
        if self.flows.count != knownFlowCount { self.renewPollSet() }
    }

    private func takeFromServer() {
        // Flows that were added in this pass are not in the poll set's answer yet.
        let now = self.now
        for number in self.flows.indices where self.isReadable(2 + number) {
            let upstream = self.flows[number].upstream
            for _ in 0..<Self.burstLimit {
                guard
                    let (byteCount, _) = unsafe self.buffer.withUnsafeMutableBytes({ unsafe upstream.receive(into: $0) }
                    )
                else { break }
                self.towardClients.send(unsafe self.buffer.span.bytes.extracting(0..<byteCount), tag: number, now: now)
            }
        }
    }

    // MARK: Off the links

    private func deliverDue() {
        let now = self.now
        var refused: UInt64 = 0
        self.towardServer.poll(now: now) { bytes, flow in
            if !self.flows[flow].upstream.send(bytes) { refused += 1 }
        }
        self.towardClients.poll(now: now) { bytes, flow in
            if !self.listener.send(bytes, toPort: self.flows[flow].clientPort) { refused += 1 }
        }
        self.statistics.refusedDatagrams += refused
    }

    private func publishStatistics() {
        self.statistics.towardServer = self.towardServer.statistics
        self.statistics.towardClients = self.towardClients.statistics
        self.shared.publish(self.statistics)
    }

    // MARK: Clients

    /// The number of the client that sends from `port`; a new one gets its upstream socket. `nil` if the system
    /// has no socket left.
    private func flowNumber(ofClient port: UInt16) -> Int? {
        if let number = self.flowNumbers[port] { return number }
        guard let upstream = self.makeUpstream() else { return nil }
        self.flowNumbers[port] = self.flows.count
        self.flows.append(Flow(clientPort: port, upstream: upstream))
        self.statistics.clientCount = self.flows.count
        return self.flows.count - 1
    }

    private func makeUpstream() -> RelaySocket? {
        guard let upstream = try? RelaySocket() else { return nil }
        guard (try? upstream.connect(port: self.configuration.serverPort)) != nil else { return nil }
        return upstream
    }

    private func rebindAll() {
        for number in self.flows.indices {
            if let upstream = self.makeUpstream() { self.flows[number].upstream = upstream }
        }
        self.renewPollSet()
    }
}
