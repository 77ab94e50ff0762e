#if os(Linux)
    import DatagramIO
    import FakeTCP
    import Glibc
    import PacketPrimitives
    import Testing

    @Suite(.serialized, .enabled(if: FakeTCPSocket.isPermitted, "needs the right to open raw sockets (CAP_NET_RAW)"))
    struct MutedConnectionTests {
        @Test(arguments: PeerAddress.usableFamilies)
        func `the kernel sends a handshake, and one reset at the end`(family: PeerAddress.Family) throws {
            let tap = WireTap(family)
            let pair = try DisguisedPair(family)
            let accepted = try KernelSocket(accepting: pair.listener)
            let peer = try #require(pair.introduce().trains.first)
            for _ in 0..<10 {
                #expect(pair.client.socket.sendAll(Burst(lengths: [500, 1500])) == .complete)
                #expect(
                    pair.server.sendAll(Burst(lengths: [600]), to: peer.source, from: peer.destination) == .complete)
            }
            #expect(pair.server.receive(count: 20).datagrams.count == 20)
            #expect(pair.client.socket.receive(count: 10).datagrams.count == 10)
            pair.client.connection.close()
            #expect(accepted.waitForEnd() == ECONNRESET)

            let segments = tap.segments(of: pair.server.localAddress.port)
            let flags = segments.map(\.header.flags).filter { !$0.contains(.push) }
            #expect(flags == [.synchronize, .handshakeAnswer, .acknowledge, [.reset, .acknowledge]])
            #expect(segments.count == flags.count + 31)
        }

        @Test func `connections that break do not end the datagrams`() throws {
            let pair = try DisguisedPair()
            let peer = try #require(pair.introduce().trains.first)
            try KernelSocket(accepting: pair.listener).close()
            #expect(pair.client.socket.sendAll(Burst(lengths: [500])) == .complete)
            #expect(pair.server.receive(count: 1).datagrams.count == 1)
            #expect(pair.server.sendAll(Burst(lengths: [600]), to: peer.source, from: peer.destination) == .complete)
            #expect(pair.client.socket.receive(count: 1).datagrams.count == 1)
        }

        /// What a listener and its client speak.
        private static let languages: [(listener: PeerAddress.Family, client: PeerAddress.Family)] = [
            (.ipv4, .ipv4), (.ipv6, .ipv6), (.ipv6, .ipv4),
        ].filter { PeerAddress.usableFamilies.contains($0.0) }

        @Test(arguments: Self.languages)
        func `a sealed connection hears nobody, also without a filter`(
            listening: PeerAddress.Family, family: PeerAddress.Family
        ) throws {
            let listener = try KernelSocket(listening, isPrepared: false)
            let port = try listener.listen(at: .wildcard(listening)).port
            let address = PeerAddress.loopback(family, port: port)
            let client = try KernelSocket(family, isPrepared: false)
            try client.connect(to: address)
            let accepted = try KernelSocket(accepting: listener)
            for socket in [client, accepted] { try MutedConnection.seal(socket.descriptor) }

            let tap = WireTap(family)
            _ = tap.segments(of: port)
            let local = client.localAddress
            for flags: SegmentFlags in [.datagram, .reset, [.finish, .acknowledge], .acknowledge, .synchronize] {
                for (source, destination) in [(local, address), (address, local)] {
                    tap.send(Self.segment(flags, from: source, to: destination), to: destination)
                }
            }
            let segments = tap.segments(of: port)
            #expect(segments.count == 10, "the kernel has answered")
            #expect(!client.hasNews && !accepted.hasNews)
        }

        private static func segment(_ flags: SegmentFlags, from: PeerAddress, to: PeerAddress) -> [UInt8] {
            let header = SegmentHeader(
                sourcePort: from.port, destinationPort: to.port, sequence: 1, acknowledgement: 1, flags: flags)
            var bytes = [UInt8](repeating: 0, count: SegmentHeader.byteCapacity)
            var span = bytes.mutableSpan
            var target = span.mutableBytes
            let payload: [UInt8] = flags == .datagram ? [1, 2, 3] : []
            header.write(to: &target, payload: payload.span.bytes, PseudoHeader(from, to))
            return bytes.prefix(header.byteCount) + payload
        }

        @Test func `what is no socket is an error`() {
            #expect(throws: SystemError(call: "SO_LINGER", number: EBADF)) { try MutedConnection.prepare(-1) }
            #expect(throws: SystemError(call: "IP_MINTTL", number: EBADF)) { try MutedConnection.seal(-1) }
        }
    }

    extension KernelSocket {
        private func wait(milliseconds: Int32) -> Bool {
            var pollSet = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
            return poll(&pollSet, 1, milliseconds) == 1
        }

        /// Whether data or an end has arrived.
        fileprivate var hasNews: Bool { self.wait(milliseconds: 0) }

        /// Waits until the connection ends, and says with which error.
        fileprivate func waitForEnd() -> Int32 {
            guard self.wait(milliseconds: 5000) else { return ETIMEDOUT }
            var byte: UInt8 = 0
            return recv(self.descriptor, &byte, 1, 0) < 0 ? errno : 0
        }
    }
#endif
