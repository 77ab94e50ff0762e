import BenchmarkSupport
import DatagramIO
import LinkRelay
package import NetworkSimulation
import PacketPrimitives
import Synchronization

/// More datagrams than a link carries, both ways: what comes through says whether the relay keeps up.
package struct RelayFlood: Sendable {
    /// What came through, of rate × (1 − loss).
    package let upShare: Double
    package let downShare: Double
    /// Processors that the relay's thread kept busy.
    package let relayLoad: Double
    package let lateShare: Double
    package let largestLatenessMilliseconds: Double
    package let refusedCount: UInt64

    /// Sent, of the rate.
    private static let excess = 1.05
    private static let warmUpSeconds = 0.5

    package static func result(_ scenario: LinkScenario, seconds: Double) throws -> RelayFlood {
        let start = Instant(microseconds: 0)
        let server = try FloodEnd(bitsPerSecond: scenario.down.megabitsPerSecond * 1e6 * self.excess)
        var configuration = LinkRelay.Configuration(
            serverPort: server.port, towardServer: scenario.conditions(.up, start: start),
            towardClients: scenario.conditions(.down, start: start), seed: 1)
        configuration.isUrgent = true
        let relay = try LinkRelay(configuration)
        defer { relay.stop() }
        let client = try FloodEnd(
            bitsPerSecond: scenario.up.megabitsPerSecond * 1e6 * self.excess, toward: relay.port)
        let threads = [WorkerThread { server.run() }, WorkerThread { client.run() }]
        Nanoseconds.sleep(seconds: self.warmUpSeconds + scenario.roundTripMilliseconds / 1000)
        let before = (Nanoseconds.now, relay.statistics, client.receivedBits, server.receivedBits)
        Nanoseconds.sleep(seconds: seconds)
        let after = (Nanoseconds.now, relay.statistics, client.receivedBits, server.receivedBits)
        for end in [client, server] { end.stop() }
        for thread in threads { thread.join() }
        let lasted = (after.0 - before.0).seconds
        let delivered = after.1.towardServer.deliveredDatagrams + after.1.towardClients.deliveredDatagrams
        return RelayFlood(
            upShare: Double(after.3 - before.3) / lasted / Self.limit(scenario.up),
            downShare: Double(after.2 - before.2) / lasted / Self.limit(scenario.down),
            relayLoad: Double(after.1.processorMicroseconds - before.1.processorMicroseconds) / 1e6 / lasted,
            lateShare: Double(after.1.lateDepartures) / Double(max(delivered, 1)),
            largestLatenessMilliseconds: Double(after.1.largestLatenessMicroseconds) / 1000,
            refusedCount: after.1.refusedDatagrams + after.1.overflowedDatagrams)
    }

    private static func limit(_ path: LinkScenario.Path) -> Double {
        path.megabitsPerSecond * 1e6 * (1 - path.loss.share)
    }
}

/// One end: sends at a rate to whoever it knows, and counts what comes.
private final class FloodEnd: Sendable {
    private static let byteCount = 1350
    private static let burstCount = 32
    private static let pauseSeconds = 0.0005

    let port: UInt16
    private let bitsPerSecond: Double
    private let peer: UInt16?
    private let received = Atomic<Int>(0)
    private let mustEnd = Atomic(false)
    /// Given up by `run`.
    private let socket: Mutex<DatagramSocket?>

    init(bitsPerSecond: Double, toward peer: UInt16? = nil) throws {
        let socket = try DatagramSocket.bind(
            to: .ipv4(0x7F00_0001, port: 0),
            options: DatagramSocketOptions(sendBufferByteCount: 4 << 20, receiveBufferByteCount: 4 << 20))
        self.port = socket.localAddress.port
        self.bitsPerSecond = bitsPerSecond
        self.peer = peer
        self.socket = Mutex(socket)
    }

    /// IP bits that have come.
    var receivedBits: Int { self.received.load(ordering: .relaxed) * 8 }

    func stop() { self.mustEnd.store(true, ordering: .relaxed) }

    func run() {
        guard let socket = self.socket.withLock({ $0.take() }) else { return }
        defer { socket.close() }
        var batch = ReceiveBatch()
        var slab = PacketSlab(slotCount: Self.burstCount)
        for _ in 0..<Self.burstCount { slab.takeSlot(byteCount: Self.byteCount) }
        let datagramBits = Double((Self.byteCount + LinkConditions.internetOverheadByteCount) * 8)
        var destination = self.peer.map { PeerAddress.ipv4(0x7F00_0001, port: $0) }
        let start = Nanoseconds.now
        var sentCount = 0.0
        while !self.mustEnd.load(ordering: .relaxed) {
            let owed = (Nanoseconds.now - start).seconds * self.bitsPerSecond / datagramBits
            while let destination, sentCount + Double(Self.burstCount) <= owed {
                _ = socket.send(slab, to: destination)
                sentCount += Double(Self.burstCount)
            }
            while self.receive(socket, &batch, &destination) == .full {}
            Nanoseconds.sleep(seconds: Self.pauseSeconds)
        }
    }

    private func receive(
        _ socket: DatagramSocket, _ batch: inout ReceiveBatch, _ destination: inout PeerAddress?
    ) -> ReceiveResult {
        let result = socket.receive(into: &batch)
        for message in batch.messages {
            if destination == nil { destination = message.source }
            for entry in message.entries {
                let byteCount = Int(batch.slab[entry].byteCount) + LinkConditions.internetOverheadByteCount
                self.received.wrappingAdd(byteCount, ordering: .relaxed)
            }
        }
        batch.removeAll()
        return result
    }
}
