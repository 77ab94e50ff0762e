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
    }

    extension KernelSocket {
        /// Waits until the connection ends, and says with which error.
        fileprivate func waitForEnd() -> Int32 {
            var pollSet = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&pollSet, 1, 5000) == 1 else { return ETIMEDOUT }
            var byte: UInt8 = 0
            return recv(self.descriptor, &byte, 1, 0) < 0 ? errno : 0
        }
    }
#endif
