import LinkRelay
import NetworkSimulation
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite(.timeLimit(.minutes(1))) struct LinkRelayTests {
    /// A relay over links without any fault in front of an echo server.
    private static func perfectRelay(to server: LoopbackSocket) throws -> LinkRelay {
        try LinkRelay(.init(serverPort: server.port, towardServer: .init(), towardClients: .init(), seed: 1))
    }

    /// The relay publishes its counters at the end of a pass, a moment after the last datagram has left.
    private static func statistics(
        of relay: LinkRelay, once isSettled: (LinkRelay.Statistics) -> Bool
    ) -> LinkRelay.Statistics {
        for _ in 0..<2000 where !isSettled(relay.statistics) { usleep(1000) }
        return relay.statistics
    }

    @Test func `datagrams of several clients come back to those who sent them`() throws {
        let server = LoopbackSocket()
        let relay = try Self.perfectRelay(to: server)
        let clients = (0..<5).map { _ in LoopbackSocket() }
        for round in UInt8(0)..<20 {
            for (number, client) in clients.enumerated() { client.send([round, UInt8(number)], to: relay.port) }
            for _ in clients {
                let (bytes, sender) = try #require(server.receive())
                server.send(bytes + [255], to: sender)
            }
            for (number, client) in clients.enumerated() {
                #expect(client.receive()?.bytes == [round, UInt8(number), 255])
            }
        }
        let statistics = Self.statistics(of: relay) { $0.towardClients.deliveredDatagrams == 100 }
        #expect(statistics.clientCount == 5)
        #expect(statistics.towardServer.sentDatagrams == 100)
        #expect(statistics.towardServer.deliveredBytes == 200)
        #expect(statistics.towardClients.deliveredDatagrams == 100)
        #expect(statistics.towardClients.sentBytes == 300)
    }

    @Test func `the server sees one address per client, and another after a rebinding`() throws {
        let server = LoopbackSocket()
        let relay = try Self.perfectRelay(to: server)
        let client = LoopbackSocket()
        var ports: [UInt16] = []
        for step in 0..<4 {
            if step == 2 { relay.rebind() }
            client.send([UInt8(step)], to: relay.port)
            let (_, port) = try #require(server.receive())
            ports.append(port)
        }
        #expect(ports[0] == ports[1])
        #expect(ports[1] != ports[2])
        #expect(ports[2] == ports[3])
        server.send([7], to: ports[3])
        #expect(client.receive()?.bytes == [7])
    }

    #if os(Linux)
        @Test func `clients seem to come from as many hosts as there are to be`() throws {
            let server = LoopbackSocket()
            var configuration = LinkRelay.Configuration(
                serverPort: server.port, towardServer: .init(), towardClients: .init(), seed: 1)
            configuration.hostCount = 2
            let relay = try LinkRelay(configuration)
            let clients = (0..<4).map { _ in LoopbackSocket() }
            var hosts: [UInt32] = []
            for client in clients {
                client.send([1], to: relay.port)
                _ = try #require(server.receive())
                hosts.append(server.senderHost)
            }
            #expect(hosts == [0x7F00_0001, 0x7F00_0002, 0x7F00_0001, 0x7F00_0002])
        }
    #endif

    @Test func `clients that are blocked get and send nothing more, others do`() throws {
        let server = LoopbackSocket()
        let relay = try Self.perfectRelay(to: server)
        let client = LoopbackSocket()
        client.send([1], to: relay.port)
        let (_, port) = try #require(server.receive())
        relay.blockClients()
        client.send([2], to: relay.port)
        server.send([3], to: port)
        let other = LoopbackSocket()
        other.send([4], to: relay.port)
        #expect(server.receive()?.bytes == [4])
        #expect(client.receive(timeoutMilliseconds: 200) == nil)
    }

    @Test func `the links' conditions hold in each direction`() throws {
        let server = LoopbackSocket()
        let lossy = LinkConditions(faults: [.loss(probability: 0.5)])
        let relay = try LinkRelay(.init(serverPort: server.port, towardServer: lossy, towardClients: .init(), seed: 7))
        let client = LoopbackSocket()
        for number in UInt8(0)..<200 { client.send([number], to: relay.port) }
        var arrivedCount: UInt64 = 0
        while let (bytes, sender) = server.receive(timeoutMilliseconds: 500) {
            arrivedCount += 1
            server.send(bytes, to: sender)
            #expect(client.receive()?.bytes == bytes)
        }
        let statistics = Self.statistics(of: relay) { $0.towardClients.deliveredDatagrams == arrivedCount }
        #expect(statistics.towardServer.sentDatagrams == 200)
        #expect(statistics.towardServer[.chance] == 200 - arrivedCount)
        #expect((50..<150).contains(arrivedCount))
        #expect(statistics.towardClients.lostDatagrams == 0)
        #expect(statistics.towardClients.deliveredDatagrams == arrivedCount)
        #expect(statistics.refusedDatagrams == 0)
    }

    @Test func `a stopped relay gives its port back`() throws {
        let server = LoopbackSocket()
        let relay = try Self.perfectRelay(to: server)
        relay.stop()
        relay.stop()
        let second = try LinkRelay(
            .init(port: relay.port, serverPort: server.port, towardServer: .init(), towardClients: .init(), seed: 1))
        #expect(second.port == relay.port)
        #expect(throws: RelayError.self) {
            try LinkRelay(
                .init(
                    port: second.port, serverPort: server.port, towardServer: .init(), towardClients: .init(), seed: 1))
        }
    }

    @Test func `a server that is not there yet does no harm`() throws {
        let port = LoopbackSocket.unusedPort
        let relay = try LinkRelay(.init(serverPort: port, towardServer: .init(), towardClients: .init(), seed: 1))
        let client = LoopbackSocket()
        for _ in 0..<10 { client.send([1, 2, 3], to: relay.port) }
        #expect(client.receive(timeoutMilliseconds: 50) == nil)
        let late = LoopbackSocket(port: port)
        client.send([4], to: relay.port)
        #expect(late.receive()?.bytes.last == 4)
    }
}

/// A plain blocking UDP socket of 127.0.0.1.
private final class LoopbackSocket {
    private let descriptor: Int32
    /// Who has sent the last datagram, in the order of the bytes of its text.
    private(set) var senderHost: UInt32 = 0

    init(port: UInt16 = 0) {
        self.descriptor = Self.makeDescriptor()
        var address = Self.loopback(port)
        let result = Self.generic(&address) { bind(self.descriptor, $0, $1) }
        precondition(result == 0, "no free port")
    }

    deinit { close(self.descriptor) }

    /// A port below those that the system gives out by itself, so that nobody takes it in the meantime.
    static var unusedPort: UInt16 {
        var port = UInt16(20_000 + getpid() % 9000)
        while !LoopbackSocket.isFree(port) { port += 1 }
        return port
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let descriptor = Self.makeDescriptor()
        defer { close(descriptor) }
        var address = Self.loopback(port)
        return Self.generic(&address) { bind(descriptor, $0, $1) } == 0
    }

    private static func makeDescriptor() -> Int32 {
        #if os(Linux)
            socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        #else
            socket(AF_INET, SOCK_DGRAM, 0)
        #endif
    }

    var port: UInt16 {
        var address = sockaddr_in()
        var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = Self.generic(&address) { pointer, _ in getsockname(self.descriptor, pointer, &byteCount) }
        return UInt16(bigEndian: address.sin_port)
    }

    func send(_ bytes: [UInt8], to port: UInt16) {
        var address = Self.loopback(port)
        let sent = Self.generic(&address) { sendto(self.descriptor, bytes, bytes.count, 0, $0, $1) }
        precondition(sent == bytes.count, "loopback refused a datagram")
    }

    /// The next datagram and its sender's port; `nil` if none comes in time.
    func receive(timeoutMilliseconds: Int32 = 20_000) -> (bytes: [UInt8], port: UInt16)? {
        var pollSet = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&pollSet, 1, timeoutMilliseconds) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 2048)
        var address = sockaddr_in()
        var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
        let received = Self.generic(&address) { pointer, _ in
            recvfrom(self.descriptor, &bytes, bytes.count, 0, pointer, &byteCount)
        }
        self.senderHost = UInt32(bigEndian: address.sin_addr.s_addr)
        return received < 0 ? nil : (Array(bytes.prefix(received)), UInt16(bigEndian: address.sin_port))
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }

    private static func generic<Result>(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
