import LinkRelay
import NetworkSimulation
import PacketPrimitives
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Packets of devices, for which pairs of sockets stand here: they too give and take one packet per call.
@Suite(.timeLimit(.minutes(1))) struct RelayDeviceTests {
    /// A descriptor for the relay and what it is joined to.
    private final class Device {
        let inner: Int32
        private let outer: Int32

        init() {
            var descriptors: [Int32] = [0, 0]
            #if os(Linux)
                let type = Int32(SOCK_DGRAM.rawValue)
            #else
                let type = SOCK_DGRAM
            #endif
            precondition(socketpair(AF_UNIX, type, 0, &descriptors) == 0)
            (self.inner, self.outer) = (descriptors[0], descriptors[1])
            _ = fcntl(self.inner, F_SETFL, O_NONBLOCK)
        }

        deinit { for descriptor in [self.inner, self.outer] { close(descriptor) } }

        func send(_ packet: [UInt8]) { precondition(write(self.outer, packet, packet.count) == packet.count) }

        func receive() -> [UInt8]? {
            var pollSet = pollfd(fd: self.outer, events: Int16(POLLIN), revents: 0)
            guard poll(&pollSet, 1, 20_000) == 1 else { return nil }
            var packet = [UInt8](repeating: 0, count: 2048)
            let count = read(self.outer, &packet, packet.count)
            return count > 0 ? Array(packet[..<count]) : nil
        }
    }

    private let client = Device()
    private let server = Device()

    private func relay(_ conditions: LinkConditions = .init()) throws -> LinkRelay {
        var configuration = LinkRelay.Configuration(
            serverPort: 0, towardServer: conditions, towardClients: conditions, seed: 1)
        configuration.devices = LinkRelay.Devices(client: self.client.inner, server: self.server.inner)
        return try LinkRelay(configuration)
    }

    /// The relay publishes at the end of a pass, a moment after the last packet has left.
    private func statistics(
        of relay: LinkRelay, once isSettled: (LinkRelay.Statistics) -> Bool
    ) -> LinkRelay.Statistics {
        for _ in 0..<2000 where !isSettled(relay.statistics) { usleep(1000) }
        return relay.statistics
    }

    @Test func `packets pass both ways`() throws {
        let relay = try self.relay()
        defer { relay.stop() }
        for number in UInt8(0)..<50 {
            self.client.send([number] + [UInt8](repeating: 1, count: 1499))
            #expect(self.server.receive()?.first == number)
            self.server.send([number, 2, 3] + [UInt8](repeating: 0, count: 37))
            #expect(self.client.receive()?.count == 40)
        }
    }

    @Test func `a packet counts with its own length`() throws {
        var conditions = LinkConditions()
        conditions.overheadByteCount = LinkConditions.internetOverheadByteCount
        let relay = try self.relay(conditions)
        defer { relay.stop() }
        self.client.send([UInt8](repeating: 7, count: 1500))
        _ = try #require(self.server.receive())
        let statistics = self.statistics(of: relay) { $0.towardServer.deliveredDatagrams == 1 }
        #expect(statistics.deviceBytes.towardServer == 1500 && statistics.deviceBytes.towardClients == 0)
        let up = statistics.towardServer
        #expect(up.sentBytes + UInt64(LinkConditions.internetOverheadByteCount) * up.sentDatagrams == 1500)
    }

    @Test func `conditions can change`() throws {
        let relay = try self.relay()
        defer { relay.stop() }
        self.client.send([1])
        #expect(self.server.receive() == [1])
        relay.change(towardServer: LinkConditions(faults: [.loss(probability: 1)]), towardClients: .init())
        // The order has been obeyed when the way back, which still works, says so.
        self.server.send([2])
        #expect(self.client.receive() == [2])
        for _ in 0..<20 { self.client.send([3]) }
        let statistics = self.statistics(of: relay) { $0.towardServer.sentDatagrams == 21 }
        #expect(statistics.towardServer[.chance] == 20)
        #expect(statistics.towardClients.deliveredDatagrams == 1)
    }

    @Test func `the bottleneck tells when it will be free`() throws {
        // A second for each packet.
        let relay = try self.relay(LinkConditions(rate: .init(bitsPerSecond: 8000)))
        defer { relay.stop() }
        #expect(relay.statistics.busyUntil.towardServer.microseconds == 0)
        let start = relay.now
        for _ in 0..<3 { self.client.send([UInt8](repeating: 0, count: 1028)) }
        let statistics = self.statistics(of: relay) { $0.towardServer.sentDatagrams == 3 }
        #expect(statistics.busyUntil.towardServer.microseconds(since: start) >= 3_000_000)
        #expect(statistics.busyUntil.towardClients.microseconds == 0)
    }
}
