import DatagramIO
import PacketPrimitives
import Testing

/// What every way of sending and receiving must do alike.
@Suite struct DatagramTransferTests {
    @Test(arguments: OffloadPolicy.all, OffloadPolicy.all)
    func `a burst of mixed lengths arrives whole and in order`(client: OffloadPolicy, server: OffloadPolicy) throws {
        let pair = try SocketPair(client: client, server: server)
        let lengths = [1350, 1350, 1350, 700, 24, 1350, 1350, 1, 1, 1500, 1500, 1499, 12, 13, 12, 12, 1400]
        let burst = Burst(lengths: lengths)
        #expect(pair.client.sendAll(burst) == .complete)
        #expect(pair.server.receive(count: lengths.count).datagrams == burst.arrivals)
    }

    @Test(arguments: OffloadPolicy.all, PeerAddress.usableFamilies)
    func `random bursts arrive whole and in order`(policy: OffloadPolicy, family: PeerAddress.Family) throws {
        let pair = try SocketPair(family, client: policy, server: policy)
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandomSource(seed: seed)
        for _ in 0..<20 {
            let common = Int.random(in: 1...1500, using: &random)
            let lengths = (0..<Int.random(in: 1...200, using: &random)).map { _ in
                random.nextUnit() < 0.9 ? common : Int.random(in: 0...1500, using: &random)
            }
            let burst = Burst(lengths: lengths, seed: seed)
            #expect(pair.client.sendAll(burst) == .complete, "seed \(seed)")
            #expect(pair.server.receive(count: burst.arrivals.count).datagrams == burst.arrivals, "seed \(seed)")
        }
    }

    @Test(arguments: OffloadPolicy.all, [1, 2, 3, 47, 48, 49, 64, 65, 128, 129, 200])
    func `a burst of equal lengths arrives whole`(policy: OffloadPolicy, count: Int) throws {
        let pair = try SocketPair(client: policy, server: policy)
        let burst = Burst(lengths: Array(repeating: 1350, count: count))
        #expect(pair.client.sendAll(burst) == .complete)
        #expect(pair.server.receive(count: count).datagrams == burst.arrivals)
    }

    @Test(arguments: OffloadPolicy.all)
    func `entries of length zero are skipped`(policy: OffloadPolicy) throws {
        let pair = try SocketPair(client: policy, server: policy)
        let burst = Burst(lengths: [0, 500, 0, 0, 500, 500, 0, 300, 0])
        #expect(pair.client.sendAll(burst) == .complete)
        #expect(pair.server.receive(count: 4).datagrams == burst.arrivals)
        #expect(pair.client.statistics.sentDatagrams == 4)
    }

    @Test(arguments: OffloadPolicy.all)
    func `a slab of nothing but dropped entries is complete`(policy: OffloadPolicy) throws {
        let pair = try SocketPair(client: policy)
        #expect(pair.client.sendAll(Burst(lengths: [0, 0, 0])) == .complete)
        #expect(pair.client.statistics.sendCalls == 0)
    }

    @Test(arguments: OffloadPolicy.all)
    func `sending starts at the entry that is asked for`(policy: OffloadPolicy) throws {
        let pair = try SocketPair(client: policy, server: policy)
        let burst = Burst(lengths: [100, 100, 100, 100])
        #expect(pair.client.send(burst.slab(), startingAt: 3) == .complete)
        #expect(pair.client.send(burst.slab(), startingAt: 4) == .complete)
        #expect(pair.server.receive(count: 1).datagrams == [burst.datagrams[3]])
        #expect(pair.client.statistics.sentDatagrams == 1)
    }

    @Test(arguments: OffloadPolicy.all, PeerAddress.usableFamilies)
    func `source and destination are reported`(policy: OffloadPolicy, family: PeerAddress.Family) throws {
        let pair = try SocketPair(family, client: policy, server: policy)
        #expect(pair.client.sendAll(Burst(lengths: [100, 100, 100])) == .complete)
        let trains = pair.server.receive(count: 3).trains
        #expect(trains.map(\.datagramCount).reduce(0, +) == 3)
        #expect(trains.allSatisfy { $0.source == pair.client.localAddress })
        #expect(trains.allSatisfy { $0.destination == LocalAddress(.loopback(family)) })
    }

    @Test(arguments: OffloadPolicy.all)
    func `datagrams and bytes are counted on both sides`(policy: OffloadPolicy) throws {
        let pair = try SocketPair(client: policy, server: policy)
        #expect(pair.client.sendAll(Burst(lengths: [1000, 1000, 400, 7])) == .complete)
        _ = pair.server.receive(count: 4)
        let sent = pair.client.statistics
        let received = pair.server.statistics
        #expect(sent.sentDatagrams == 4 && sent.sentBytes == 2407 && sent.droppedDatagrams.isEmpty)
        #expect(received.receivedDatagrams == 4 && received.receivedBytes == 2407)
    }

    #if os(Linux)
        @Test(arguments: OffloadPolicy.all, [PeerAddress.wildcard(.ipv4), .wildcard(.ipv6)])
        func `an answer comes from the address that was asked`(policy: OffloadPolicy, wildcard: PeerAddress) throws {
            let server = try DatagramSocket.bind(to: wildcard, options: .init(offload: policy))
            let client = try DatagramSocket.bind(to: .wildcard(.ipv4), options: .init(offload: policy))
            defer {
                server.close()
                client.close()
            }
            let asked = PeerAddress.ipv4(0x7F00_0002, port: server.localAddress.port)
            #expect(client.sendAll(Burst(lengths: [40, 40]), to: asked) == .complete)
            let question = try #require(server.receive(count: 2).trains.first)
            #expect(question.source == .ipv4(0x7F00_0001, port: client.localAddress.port))
            #expect(question.destination == LocalAddress(asked))

            let answer = Burst(lengths: [60, 60, 50])
            #expect(server.sendAll(answer, to: question.source, from: question.destination) == .complete)
            let arrivals = client.receive(count: 3)
            #expect(arrivals.datagrams == answer.datagrams)
            #expect(arrivals.trains.allSatisfy { $0.source == asked })
        }
    #endif

    @Test(arguments: OffloadPolicy.all)
    func `the senders are told apart`(policy: OffloadPolicy) throws {
        let server = try DatagramSocket.bind(to: .loopback(.ipv4), options: .init(offload: policy))
        let first = try DatagramSocket.bind(to: .loopback(.ipv4), options: .init(offload: policy))
        let second = try DatagramSocket.bind(to: .loopback(.ipv4), options: .init(offload: policy))
        defer { [server, first, second].forEach { $0.close() } }
        for client in [first, second, first] {
            #expect(client.sendAll(Burst(lengths: [90, 90]), to: server.localAddress) == .complete)
        }
        let arrivals = server.receive(count: 6)
        #expect(arrivals.trains.map(\.source) == [first, second, first].map(\.localAddress))
        #expect(arrivals.trains.map(\.datagramCount) == [2, 2, 2])
    }

    @Test(arguments: OffloadPolicy.all)
    func `an unreachable port does not cost the next datagrams`(policy: OffloadPolicy) throws {
        let client = try DatagramSocket.bind(to: .wildcard(.ipv4), options: .init(offload: policy))
        let absent = try DatagramSocket.bind(to: .loopback(.ipv4))
        try client.connect(to: absent.localAddress)
        absent.close()
        defer { client.close() }
        #expect(client.sendAll(Burst(lengths: [10])) == .complete)

        let server = try DatagramSocket.bind(to: absent.localAddress, options: .init(offload: policy))
        defer { server.close() }
        let burst = Burst(lengths: [300, 300, 300])
        #expect(client.sendAll(burst) == .complete)
        #expect(server.receive(count: 3).datagrams == burst.datagrams)
        #expect(client.statistics.droppedDatagrams.isEmpty)
    }

    @Test(arguments: OffloadPolicy.all)
    func `an unreachable port does not end reading`(policy: OffloadPolicy) throws {
        let client = try DatagramSocket.bind(to: .loopback(.ipv4), options: .init(offload: policy))
        let absent = try DatagramSocket.bind(to: .loopback(.ipv4))
        try client.connect(to: absent.localAddress)
        absent.close()
        defer { client.close() }
        #expect(client.sendAll(Burst(lengths: [10])) == .complete)
        #expect(client.waitUntilReadable(milliseconds: 5000))
        var batch = ReceiveBatch()
        #expect(client.receive(into: &batch) == .drained)
        #expect(client.statistics.receiveErrors.values.reduce(0, +) == 1)
    }

    @Test(arguments: OffloadPolicy.all)
    func `a datagram longer than the protocol's is thrown away and counted`(policy: OffloadPolicy) throws {
        let pair = try SocketPair(server: policy)
        let burst = Burst(lengths: [1501, 1500])
        #expect(pair.client.sendAll(burst) == .complete)
        #expect(pair.server.receive(count: 1).datagrams == [burst.datagrams[1]])
        #expect(pair.server.statistics.oversizeDatagrams == 1)
    }

    @Test(arguments: OffloadPolicy.all)
    func `a full batch says so and loses nothing`(policy: OffloadPolicy) throws {
        let pair = try SocketPair(client: .plain, server: policy)
        let burst = Burst(lengths: Array(repeating: 33, count: 200))
        #expect(pair.client.sendAll(burst) == .complete)
        #expect(pair.server.waitUntilReadable(milliseconds: 5000))
        var batch = ReceiveBatch()
        #expect(pair.server.receive(into: &batch) == .full)
        #expect(pair.server.receive(into: &batch) == .full)
        var arrivals = Arrivals()
        arrivals.take(&batch)
        arrivals.datagrams += pair.server.receive(count: 200 - arrivals.datagrams.count).datagrams
        #expect(arrivals.datagrams == burst.datagrams)
    }
}
