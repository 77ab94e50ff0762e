import DatagramIO
import PacketPrimitives
import Testing

@Suite struct ReceiveBatchTests {
    private static let peer = PeerAddress.ipv4(0x0A00_0001, port: 4000)
    private static let local = LocalAddress(.ipv4(0x0A00_0002, port: 0))

    /// Gives `byteCount` bytes to the socket as a message that was read elsewhere.
    private func accept(
        _ socket: DatagramSocket, _ bytes: [UInt8], segmentByteCount: Int? = nil, from source: PeerAddress = Self.peer,
        into batch: inout ReceiveBatch
    ) {
        socket.accept(
            bytes.span.bytes, segmentByteCount: segmentByteCount, from: source, to: Self.local, into: &batch)
    }

    @Test(arguments: [
        (nil, 1500, [1500]), (500, 1500, [500, 500, 500]), (500, 1501, [500, 500, 500, 1]), (500, 499, [499]),
        (1500, 1500, [1500]),
    ])
    func `a train is cut at the segment size`(segment: Int?, byteCount: Int, lengths: [Int]) throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        var batch = ReceiveBatch()
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) }
        self.accept(socket, bytes, segmentByteCount: segment, into: &batch)
        var arrivals = Arrivals()
        arrivals.take(&batch)
        #expect(arrivals.datagrams.map(\.count) == lengths)
        #expect(Array(arrivals.datagrams.joined()) == bytes)
        #expect(socket.statistics.receivedDatagrams == UInt64(lengths.count))
        #expect(socket.statistics.receivedMessages == 1)
    }

    @Test func `a sample is the first datagram of its sender`() throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        var batch = ReceiveBatch()
        let other = PeerAddress.ipv4(0x0A00_0003, port: 4000)
        self.accept(socket, [1, 2], into: &batch)
        self.accept(socket, [3, 4, 5, 6], segmentByteCount: 2, from: other, into: &batch)
        let sample = batch.sample(from: other)
        #expect(sample?.source == other)
        #expect(sample?.entry == 1)
        #expect(sample?.datagram == [3, 4])
        let none = batch.sample(from: .ipv4(0x0A00_0003, port: 4001))
        #expect(none == nil)
    }

    @Test func `an empty message is none`() throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        var batch = ReceiveBatch()
        self.accept(socket, [], into: &batch)
        #expect(batch.messages.isEmpty)
        #expect(socket.statistics.receivedDatagrams == 0)
    }

    @Test func `a segment size of zero is survived`() throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        var batch = ReceiveBatch()
        self.accept(socket, [1, 2, 3], segmentByteCount: 0, into: &batch)
        #expect(batch.slab.count == 3)
    }

    @Test func `more pieces than the batch has entries for are counted`() throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        var batch = ReceiveBatch()
        self.accept(socket, Array(repeating: 7, count: 60_000), segmentByteCount: 1, into: &batch)
        #expect(batch.slab.count == batch.slab.capacity)
        #expect(socket.statistics.unplacedDatagrams == UInt64(60_000 - batch.slab.capacity))
    }

    @Test func `more bytes than the batch has room for are counted`() throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        var batch = ReceiveBatch()
        for _ in 0..<2 {
            self.accept(socket, Array(repeating: 7, count: 40_000), segmentByteCount: 1000, into: &batch)
        }
        #expect(batch.slab.count == 40)
        #expect(socket.statistics.unplacedDatagrams == 1)
    }

    @Test func `neighbours of the same sender are one message`() throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        var batch = ReceiveBatch()
        let other = PeerAddress.ipv4(0x0A00_0009, port: 4000)
        for source in [Self.peer, Self.peer, other, Self.peer] {
            self.accept(socket, [1, 2], from: source, into: &batch)
        }
        #expect(batch.messages.map(\.source) == [Self.peer, other, Self.peer])
        #expect(batch.messages.map(\.entries) == [0..<2, 2..<3, 3..<4])
        #expect(batch.messages.allSatisfy { $0.destination == Self.local })
    }

    @Test func `a mapped source is the IPv4 address that it is`() throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        var batch = ReceiveBatch()
        self.accept(socket, [1], from: Self.peer.mapped, into: &batch)
        #expect(batch.messages.first?.source == Self.peer)
    }

    @Test(arguments: OffloadPolicy.all)
    func `a message that was read elsewhere comes before what the socket reads`(policy: OffloadPolicy) throws {
        let pair = try SocketPair(server: policy)
        let burst = Burst(lengths: [1000, 1000, 1000])
        var batch = ReceiveBatch()
        let first = [UInt8](repeating: 9, count: 1200)
        self.accept(pair.server, first, from: pair.client.localAddress, into: &batch)
        #expect(pair.client.sendAll(burst) == .complete)
        #expect(pair.server.waitUntilReadable(milliseconds: 5000))
        #expect(pair.server.receive(into: &batch) == .drained)
        var arrivals = Arrivals()
        arrivals.take(&batch)
        #expect(arrivals.datagrams == [first] + burst.datagrams)
    }

    @Test func `one batch serves sockets with and without trains in turn`() throws {
        let trains = try SocketPair()
        let datagrams = try SocketPair(server: .plain)
        let burst = Burst(lengths: Array(repeating: 640, count: 20))
        var batch = ReceiveBatch()
        for server in [trains.server, datagrams.server, trains.server] {
            let client = server === trains.server ? trains.client : datagrams.client
            #expect(client.sendAll(burst) == .complete)
            #expect(server.waitUntilReadable(milliseconds: 5000))
            #expect(server.receive(into: &batch) == .drained)
            var arrivals = Arrivals()
            arrivals.take(&batch)
            #expect(arrivals.datagrams == burst.datagrams)
        }
    }

    @Test func `sockets with and without trains do not overwrite each other`() throws {
        let trains = try SocketPair()
        let datagrams = try SocketPair(server: .plain)
        var batch = ReceiveBatch()
        let burst = Burst(lengths: [100, 100])
        #expect(trains.client.sendAll(burst) == .complete)
        #expect(datagrams.client.sendAll(burst) == .complete)
        #expect(trains.server.waitUntilReadable(milliseconds: 5000))
        #expect(trains.server.receive(into: &batch) == .drained)
        if trains.server.statistics.isCoalescingActive {
            #expect(datagrams.server.receive(into: &batch) == .full)
        }
        #expect(batch.slab.count == 2)
    }
}
