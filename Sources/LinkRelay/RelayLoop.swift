import DatagramIO
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
    /// One client: where it sends from, and the socket that stands for it at the server.
    private struct Flow {
        let client: PeerAddress
        var upstream: RelaySocket
        var isBlocked = false
    }

    /// The most packets that are taken from one device before the others have their turn.
    private static let burstLimit = 64
    /// Longer than any packet of the devices.
    private static let packetByteCount = 2048
    /// What the links give back with packets of the devices; clients have their numbers.
    private static let deviceTag = -1
    /// From the beginning of a pass to that of the next, so that a fast link does not take a pass for each datagram.
    private static let passMicroseconds = 100
    /// A datagram that leaves later than this is late.
    private static let toleratedMicroseconds = 200

    private let configuration: LinkRelay.Configuration
    private let shared: RelayShared
    private let listener: RelaySocket
    private let clientDevice: RelayDevice?
    private let serverDevice: RelayDevice?
    /// Index: the client's number.
    private var flows: [Flow] = []
    private var flowNumbers: [PeerAddress: Int] = [:]
    private var towardServer: Link
    private var towardClients: Link
    private var statistics = LinkRelay.Statistics()
    /// The wake-up pipe, the listener, the devices, then the upstream sockets by client number.
    private var pollSet: [pollfd] = []
    private var passStart = Instant(microseconds: 0)
    private var batch = ReceiveBatch()
    private var packet = [UInt8](repeating: 0, count: RelayLoop.packetByteCount)

    init(_ configuration: LinkRelay.Configuration, shared: RelayShared) throws(RelayError) {
        self.configuration = configuration
        self.shared = shared
        self.listener = try RelaySocket(port: configuration.port)
        self.clientDevice = configuration.devices.map { RelayDevice(descriptor: $0.client) }
        self.serverDevice = configuration.devices.map { RelayDevice(descriptor: $0.server) }
        self.towardServer = Link(conditions: configuration.towardServer, seed: configuration.seed)
        self.towardClients = Link(conditions: configuration.towardClients, seed: ~configuration.seed)
        self.renewPollSet()
    }

    var listenerPort: UInt16 { self.listener.socket.localAddress.port }

    /// Relays until the owner orders to stop.
    func run() {
        while true {
            self.wait()
            if self.isReadable(0), self.obeyOrders() { return }
            self.takeFromClients()
            self.takeFromServer()
            self.takeFromDevices()
            self.deliverDue()
            self.publishStatistics()
        }
    }

    /// Returns whether to stop.
    private func obeyOrders() -> Bool {
        let orders = self.shared.takeOrders()
        if orders.rebind { self.rebindAll() }
        if orders.blockClients { for number in self.flows.indices { self.flows[number].isBlocked = true } }
        if let conditions = orders.conditions {
            self.towardServer.conditions = conditions.towardServer
            self.towardClients.conditions = conditions.towardClients
        }
        return orders.stop
    }

    // MARK: Waiting

    /// Sleeps until something is readable or a datagram is due.
    private func wait() {
        let spent = self.shared.now.microseconds(since: self.passStart)
        if spent < Self.passMicroseconds { usleep(UInt32(Self.passMicroseconds - spent)) }
        let due = Instant.earliest(self.towardServer.nextDelivery, self.towardClients.nextDelivery)
        waitForDescriptors(&self.pollSet, microseconds: due.map { $0.microseconds(since: self.shared.now) })
        self.passStart = self.shared.now
    }

    private func isReadable(_ index: Int) -> Bool { self.pollSet[index].revents != 0 }

    /// Where the upstream sockets begin in the poll set.
    private var firstUpstream: Int { self.configuration.devices == nil ? 2 : 4 }

    private func renewPollSet() {
        let devices = [self.clientDevice, self.serverDevice].compactMap { $0?.descriptor }
        let descriptors =
            [self.shared.wakeDescriptor, self.listener.socket.descriptor] + devices
            + self.flows.map(\.upstream.socket.descriptor)
        self.pollSet = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }

    // MARK: Onto the links

    private func takeFromClients() {
        guard self.isReadable(1) else { return }
        _ = self.listener.socket.receive(into: &self.batch)
        let now = self.shared.now
        let knownFlowCount = self.flows.count
        for message in self.batch.messages {
            guard let flow = self.flowNumber(of: message.source), !self.flows[flow].isBlocked else { continue }
            for entry in message.entries {
                self.towardServer.send(self.batch.slab.bytes(at: entry), tag: flow, now: now)
            }
        }
        self.batch.removeAll()
        if self.flows.count != knownFlowCount { self.renewPollSet() }
    }

    private func takeFromServer() {
        // Flows that were added in this pass have nothing yet: the poll set says so.
        for number in self.flows.indices where self.isReadable(self.firstUpstream + number) {
            _ = self.flows[number].upstream.socket.receive(into: &self.batch)
            let now = self.shared.now
            for entry in 0..<self.batch.slab.count where !self.flows[number].isBlocked {
                self.towardClients.send(self.batch.slab.bytes(at: entry), tag: number, now: now)
            }
            self.batch.removeAll()
        }
    }

    private func takeFromDevices() {
        guard let clientDevice, let serverDevice else { return }
        if self.isReadable(2) {
            self.takePackets(from: clientDevice) { packet, unseen, tag, now in
                self.statistics.deviceBytes.towardServer += UInt64(packet.byteCount)
                self.towardServer.send(packet, unseenByteCount: unseen, tag: tag, now: now)
            }
        }
        if self.isReadable(3) {
            self.takePackets(from: serverDevice) { packet, unseen, tag, now in
                self.statistics.deviceBytes.towardClients += UInt64(packet.byteCount)
                self.towardClients.send(packet, unseenByteCount: unseen, tag: tag, now: now)
            }
        }
    }

    /// A packet has its headers with it: it is that much shorter than the UDP payload of a datagram of its length.
    private func takePackets(from device: RelayDevice, _ send: (RawSpan, Int, Int, Instant) -> Void) {
        let now = self.shared.now
        var packet: [UInt8] = []
        swap(&packet, &self.packet)
        for _ in 0..<Self.burstLimit {
            guard let byteCount = device.receive(into: &packet) else { break }
            send(
                unsafe packet.span.bytes.extracting(0..<byteCount),
                -min(LinkConditions.internetOverheadByteCount, byteCount), Self.deviceTag, now)
        }
        swap(&packet, &self.packet)
    }

    // MARK: Off the links

    private func deliverDue() {
        let now = self.shared.now
        self.noteLateness(self.towardServer.nextDelivery, now)
        self.noteLateness(self.towardClients.nextDelivery, now)
        self.towardServer.poll(now: now) { bytes, tag in
            if tag == Self.deviceTag {
                self.send(bytes, self.serverDevice)
            } else {
                self.flows[tag].upstream.append(bytes)
            }
        }
        for flow in self.flows { flow.upstream.flush() }
        self.towardClients.poll(now: now) { bytes, tag in
            if tag == Self.deviceTag {
                self.send(bytes, self.clientDevice)
            } else {
                self.listener.append(bytes, to: self.flows[tag].client)
            }
        }
        self.listener.flush()
    }

    private func send(_ packet: RawSpan, _ device: RelayDevice?) {
        if device?.send(packet) == false { self.statistics.refusedDatagrams += 1 }
    }

    /// Looks at the first of those that are due, which has waited longest.
    private func noteLateness(_ due: Instant?, _ now: Instant) {
        guard let due, due <= now else { return }
        let lateness = now.microseconds(since: due)
        if lateness > Self.toleratedMicroseconds { self.statistics.lateDepartures += 1 }
        self.statistics.largestLatenessMicroseconds = max(self.statistics.largestLatenessMicroseconds, lateness)
    }

    private func publishStatistics() {
        self.statistics.towardServer = self.towardServer.statistics
        self.statistics.towardClients = self.towardClients.statistics
        self.statistics.busyUntil.towardServer = self.towardServer.busyUntil
        self.statistics.busyUntil.towardClients = self.towardClients.busyUntil
        self.statistics.processorMicroseconds = threadProcessorMicroseconds()
        var published = self.statistics
        for socket in [self.listener] + self.flows.map(\.upstream) {
            published.refusedDatagrams += socket.refusedCount
            published.overflowedDatagrams += socket.socket.statistics.receiveQueueOverflows
        }
        self.shared.publish(published)
    }

    // MARK: Clients

    /// The number of the client with this address; a new one gets its upstream socket. `nil` if the system has no
    /// socket left, or there is no server.
    private func flowNumber(of client: PeerAddress) -> Int? {
        if let number = self.flowNumbers[client] { return number }
        guard let upstream = self.makeUpstream(for: self.flows.count) else { return nil }
        self.flowNumbers[client] = self.flows.count
        self.flows.append(Flow(client: client, upstream: upstream))
        self.statistics.clientCount = self.flows.count
        return self.flows.count - 1
    }

    private func makeUpstream(for number: Int) -> RelaySocket? {
        guard self.configuration.serverPort != 0 else { return nil }
        let host = UInt32(number % self.configuration.hostCount)
        return try? RelaySocket(host: host, peer: self.configuration.serverPort)
    }

    private func rebindAll() {
        for number in self.flows.indices {
            if let upstream = self.makeUpstream(for: number) { self.flows[number].upstream = upstream }
        }
        self.renewPollSet()
    }
}
