#if os(Linux)
    import DatagramIO
    import FakeTCP
    import Glibc
    import PacketPrimitives
    import Testing

    @Suite(.serialized, .enabled(if: FakeTCPSocket.isPermitted, "needs the right to open raw sockets (CAP_NET_RAW)"))
    struct FakeTCPSocketTests {
        // MARK: Datagrams

        @Test(arguments: PeerAddress.usableFamilies)
        func `a burst of mixed lengths arrives whole and in order, both ways`(family: PeerAddress.Family) throws {
            let pair = try DisguisedPair(family)
            let burst = Burst(lengths: [1350, 1350, 0, 700, 24, 1350, 1, 1, 0, 1500, 1499, 12, 13, 0])
            #expect(pair.client.socket.sendAll(burst) == .complete)
            let question = pair.server.receive(count: burst.arrivals.count)
            #expect(question.datagrams == burst.arrivals)
            let peer = try #require(question.trains.first)
            #expect(pair.server.sendAll(burst, to: peer.source, from: peer.destination) == .complete)
            #expect(pair.client.socket.receive(count: burst.arrivals.count).datagrams == burst.arrivals)
        }

        @Test(arguments: PeerAddress.usableFamilies, [DatagramSocketOptions.roomy, .init(offload: .plain)])
        func `random bursts arrive whole and in order`(
            family: PeerAddress.Family, options: DatagramSocketOptions
        ) throws {
            let pair = try DisguisedPair(family, options: options)
            let seed = UInt64.random(in: 0 ... .max)
            var random = SeededRandomSource(seed: seed)
            for _ in 0..<20 {
                let lengths = (0..<Int.random(in: 1...90, using: &random)).map { _ in
                    Int.random(in: 0...1500, using: &random)
                }
                let burst = Burst(lengths: lengths, seed: seed)
                #expect(pair.client.socket.sendAll(burst) == .complete, "seed \(seed)")
                let arrivals = pair.server.receive(count: burst.arrivals.count)
                #expect(arrivals.datagrams == burst.arrivals, "seed \(seed)")
                #expect(arrivals.trains.allSatisfy { $0.source == pair.client.socket.localAddress }, "seed \(seed)")
            }
        }

        @Test(arguments: PeerAddress.usableFamilies)
        func `source and destination are reported`(family: PeerAddress.Family) throws {
            let pair = try DisguisedPair(family)
            let arrivals = pair.introduce()
            #expect(arrivals.trains.map(\.source) == [pair.client.connection.localAddress])
            #expect(arrivals.trains.map(\.destination) == [LocalAddress(.loopback(family))])
        }

        @Test func `many segments go through one call`() throws {
            let pair = try DisguisedPair()
            let burst = Burst(lengths: Array(repeating: 1350, count: 64))
            #expect(pair.client.socket.sendAll(burst) == .complete)
            #expect(pair.client.socket.statistics.sendCalls == 1)
            #expect(pair.server.receive(count: 64).datagrams == burst.datagrams)
            // One, unless the reader is faster than the sender.
            #expect(pair.server.statistics.receiveCalls < 16)
        }

        @Test func `datagrams and bytes are counted on both sides`() throws {
            let pair = try DisguisedPair()
            #expect(pair.client.socket.sendAll(Burst(lengths: [1000, 1000, 400, 7])) == .complete)
            _ = pair.server.receive(count: 4)
            let sent = pair.client.socket.statistics
            let received = pair.server.statistics
            #expect(sent.sentDatagrams == 4 && sent.sentBytes == 2407 && sent.droppedDatagrams.isEmpty)
            #expect(received.receivedDatagrams == 4 && received.receivedBytes == 2407)
        }

        @Test func `a message that was read elsewhere is unwrapped too`() throws {
            let pair = try DisguisedPair()
            _ = pair.introduce()
            let burst = Burst(lengths: [333])
            #expect(pair.client.socket.sendAll(burst) == .complete)
            #expect(pair.server.waitUntilReadable(milliseconds: 5000))
            var packet = [UInt8](repeating: 0, count: 2048)
            let byteCount = recv(pair.server.descriptor, &packet, packet.count, 0)
            var batch = ReceiveBatch()
            pair.server.accept(
                Array(packet.prefix(byteCount)).span.bytes, from: .loopback(.ipv4), to: nil, into: &batch)
            #expect(batch.messages.map(\.source) == [pair.client.socket.localAddress])
            var arrivals = Arrivals()
            arrivals.take(&batch)
            #expect(arrivals.datagrams == burst.datagrams)
        }

        @Test func `a kernel that is full stops at the first entry that was not sent`() throws {
            let pair = try DisguisedPair()
            var answers: [Int32?] = [nil, EAGAIN]
            pair.client.socket.sendFault = { _ in answers.isEmpty ? nil : answers.removeFirst() }
            let burst = Burst(lengths: Array(repeating: 1300, count: 100))
            let slab = burst.slab()
            #expect(pair.client.socket.send(slab) == .blocked(next: 64))
            #expect(pair.client.socket.send(slab, startingAt: 64) == .complete)
            #expect(pair.server.receive(count: 100).datagrams == burst.datagrams)
        }

        // MARK: To whom

        @Test func `who has never been heard of is not sent anything`() throws {
            let pair = try DisguisedPair()
            let result = pair.server.sendAll(Burst(lengths: [50, 0, 50]), to: .ipv4(0x7F00_0001, port: 9))
            #expect(result == .complete)
            #expect(pair.server.statistics.droppedDatagrams == [ENOTCONN: 2])
            #expect(pair.server.statistics.sendCalls == 0)
        }

        @Test func `a port of all addresses answers from the one that was asked`() throws {
            let listener = try KernelSocket(.ipv4)
            let port = try listener.listen(at: .wildcard(.ipv4)).port
            let server = try FakeTCPSocket.serve(.wildcard(.ipv4, port: port))
            defer { server.close() }
            let client = try DisguisedClient(to: .ipv4(0x7F00_0002, port: port))
            #expect(client.socket.sendAll(Burst(lengths: [40])) == .complete)
            let question = try #require(server.receive(count: 1).trains.first)
            #expect(question.destination == LocalAddress(.ipv4(0x7F00_0002, port: 0)))

            #expect(server.sendAll(Burst(lengths: [41]), to: question.source, from: question.destination) == .complete)
            #expect(client.socket.receive(count: 1).datagrams == Burst(lengths: [41]).datagrams)
            // Without an address of ours there is no checksum.
            #expect(server.sendAll(Burst(lengths: [42]), to: question.source) == .complete)
            #expect(server.statistics.droppedDatagrams == [EINVAL: 1])
        }

        @Test(arguments: PeerAddress.usableFamilies)
        func `every client belongs to one of the sockets that share a port`(family: PeerAddress.Family) throws {
            let listener = try KernelSocket(family)
            let address = try listener.listen(at: .loopback(family))
            let servers = try (0..<3).map {
                try FakeTCPSocket.serve(address, share: FlowShare(index: $0, count: 3))
            }
            defer { servers.forEach { $0.close() } }
            let clients = try (0..<12).map { _ in try DisguisedClient(to: address) }
            for client in clients { #expect(client.socket.sendAll(Burst(lengths: [77])) == .complete) }
            let sources = servers.flatMap { $0.receive(count: 13, patienceMilliseconds: 200).trains.map(\.source) }
            #expect(Set(sources) == Set(clients.map(\.socket.localAddress)))
            #expect(sources.count == clients.count)
        }

        @Test(arguments: PeerAddress.usableFamilies)
        func `all clients of a host belong to one socket if it is to be so`(family: PeerAddress.Family) throws {
            let listener = try KernelSocket(family)
            let address = try listener.listen(at: .loopback(family))
            let servers = try (0..<3).map {
                try FakeTCPSocket.serve(address, share: FlowShare(index: $0, count: 3, .byHost))
            }
            defer { servers.forEach { $0.close() } }
            let clients = try (0..<8).map { _ in try DisguisedClient(to: address) }
            for client in clients { #expect(client.socket.sendAll(Burst(lengths: [77])) == .complete) }
            let sizes = servers.map { $0.receive(count: 8, patienceMilliseconds: 200).trains.count }
            #expect(sizes.sorted() == [0, 0, 8])
        }

        // MARK: The connection

        @Test func `the numbers go on from those of the handshake`() throws {
            let tap = WireTap(.ipv4)
            let pair = try DisguisedPair()
            _ = pair.introduce()
            #expect(pair.client.socket.sendAll(Burst(lengths: [30, 40])) == .complete)
            _ = pair.server.receive(count: 2)
            let segments = tap.segments(of: pair.server.localAddress.port).map(\.header)
            let request = try #require(segments.first)
            let answer = try #require(segments.first { $0.flags == .handshakeAnswer })
            let datagrams = segments.filter { $0.flags == .datagram }
            #expect(datagrams.map { $0.sequence &- request.sequence } == [1, 21, 51])
            #expect(datagrams.allSatisfy { $0.acknowledgement == answer.sequence &+ 1 })
            #expect(datagrams.map { $0.timestamps?.echo } == Array(repeating: answer.timestamps?.value, count: 3))
        }

        @Test(arguments: PeerAddress.usableFamilies)
        func `the length of packets is foretold`(family: PeerAddress.Family) throws {
            let tap = WireTap(family)
            let pair = try DisguisedPair(family)
            #expect(pair.client.socket.sendAll(Burst(lengths: [1350])) == .complete)
            _ = pair.server.receive(count: 1)
            let last = try #require(tap.segments(of: pair.server.localAddress.port).last)
            // A raw IPv6 socket does not show the header, of 40 bytes.
            let header = family == .ipv6 ? 40 : 0
            // Without timestamps, if the system has switched them off.
            let spared = last.header.timestamps == nil ? 12 : 0
            #expect(
                FakeTCPSocket.packetByteCount(datagram: 1350, family) == last.byteCount + header + spared)
        }

        @Test func `a connection that the raw socket has not seen is refused`() throws {
            let listener = try KernelSocket(.ipv4)
            let address = try listener.listen(at: .loopback(.ipv4))
            let connection = try KernelSocket(.ipv4)
            try connection.connect(to: address)
            let socket = try FakeTCPSocket.expectConnection(to: address)
            defer { socket.close() }
            let error = #expect(throws: SystemError.self) { try socket.takeConnection(from: connection.localAddress) }
            #expect(error?.number == ENODATA)
        }

        // MARK: Junk

        @Test(arguments: PeerAddress.usableFamilies)
        func `junk is counted and goes no further`(family: PeerAddress.Family) throws {
            let pair = try DisguisedPair(family)
            let tap = WireTap(family)
            let address = pair.server.localAddress
            let good = Self.segment(to: address, payload: [1, 2, 3])
            var damaged = good
            damaged[21] ^= 0x01
            var long = good
            long[12] = 0xF0
            for segment in [Array(good.prefix(15)), damaged, long] { tap.send(segment, to: address) }
            tap.send(good, to: address)
            let arrivals = pair.server.receive(count: 1)
            #expect(arrivals.datagrams == [[1, 2, 3]])
            #expect(pair.server.statistics.malformedSegments == 3)
        }

        @Test func `a segment to another port is not counted as junk`() throws {
            let pair = try DisguisedPair()
            var other = pair.server.localAddress
            other.port ^= 1
            let segment = Self.segment(to: other, payload: [1, 2, 3])
            // With the IP header that a raw socket shows: 20 bytes, TCP, from and to 127.0.0.1.
            let length = UInt8(20 + segment.count)
            let packet: [UInt8] = [0x45, 0, 0, length, 0, 0, 0, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1] + segment
            for (byteCount, count) in [(packet.count, 0), (30, 0), (22, 1)] as [(Int, UInt64)] {
                let part = Array(packet.prefix(byteCount))
                var batch = ReceiveBatch()
                pair.server.accept(part.span.bytes, from: .loopback(.ipv4), to: nil, into: &batch)
                #expect(pair.server.statistics.malformedSegments == count)
            }
        }

        @Test func `a segment without payload is no datagram`() throws {
            let pair = try DisguisedPair()
            WireTap(.ipv4).send(Self.segment(to: pair.server.localAddress, payload: []), to: pair.server.localAddress)
            #expect(pair.introduce().datagrams.count == 1)
            #expect(pair.server.statistics.malformedSegments == 0)
        }

        @Test func `a datagram longer than the protocol's is thrown away and counted`() throws {
            let pair = try DisguisedPair()
            let tap = WireTap(.ipv4)
            for byteCount in [1501, 2100] {
                let payload = [UInt8](repeating: 7, count: byteCount)
                tap.send(Self.segment(to: pair.server.localAddress, payload: payload), to: pair.server.localAddress)
            }
            #expect(pair.introduce().datagrams.count == 1)
            #expect(pair.server.statistics.oversizeDatagrams == 2)
        }

        /// A datagram of somebody at port 5555 of the same address.
        private static func segment(to address: PeerAddress, payload: [UInt8]) -> [UInt8] {
            let header = SegmentHeader(
                sourcePort: 5555, destinationPort: address.port, sequence: 1, acknowledgement: 1, flags: .datagram)
            var bytes = [UInt8](repeating: 0, count: SegmentHeader.byteCapacity)
            var span = bytes.mutableSpan
            var target = span.mutableBytes
            header.write(to: &target, payload: payload.span.bytes, PseudoHeader(address, address))
            return bytes.prefix(header.byteCount) + payload
        }

        // MARK: Options

        @Test func `the code point marks segments too`() throws {
            let pair = try DisguisedPair(options: .init(dscp: 46))
            var value: Int32 = 0
            var byteCount = socklen_t(MemoryLayout<Int32>.size)
            #expect(getsockopt(pair.server.descriptor, Int32(IPPROTO_IP), Int32(IP_TOS), &value, &byteCount) == 0)
            #expect(value == 184)
            #expect(pair.server.granted.refusedOptions.isEmpty)
        }

        @Test func `buffers are granted as to any socket`() throws {
            let options = DatagramSocketOptions(sendBufferByteCount: 100_000, receiveBufferByteCount: 120_000)
            let pair = try DisguisedPair(options: options)
            #expect(
                pair.server.granted.sendBufferByteCount == 100_000
                    && pair.server.granted.receiveBufferByteCount == 120_000)
            #expect(pair.server.granted.bufferShortfalls.isEmpty)
        }

        @Test func `the descriptor does not block and is not inherited`() throws {
            let pair = try DisguisedPair()
            #expect(fcntl(pair.server.descriptor, F_GETFL) & O_NONBLOCK != 0)
            #expect(fcntl(pair.server.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        }
    }
#endif
