#if os(Linux)
    import DatagramIO
    import FakeTCP
    import PacketPrimitives
    import Testing

    /// Several sockets on one port of the wildcard address, and who gets what.
    @Suite struct PortSharingTests {
        private static let socketCount = 4

        /// Which of the sockets have got a datagram from whom.
        private static func arrivals(
            _ division: FlowDivision, from senders: [DatagramSocket], _ family: PeerAddress.Family
        ) throws -> [Set<PeerAddress>] {
            let options = DatagramSocketOptions(sharing: PortSharing(socketCount: Self.socketCount, division))
            var servers = [try DatagramSocket.bind(to: .wildcard(.ipv6), options: options)]
            defer { servers.forEach { $0.close() } }
            while servers.count < Self.socketCount {
                servers.append(
                    try DatagramSocket.bind(to: .wildcard(.ipv6, port: servers[0].localAddress.port), options: options))
            }
            var target = PeerAddress.loopback(family)
            target.port = servers[0].localAddress.port
            for sender in senders {
                try sender.connect(to: target)
                #expect(sender.sendAll(Burst(lengths: [30])) == .complete)
            }
            let sources = servers.map {
                Set($0.receive(count: senders.count, patienceMilliseconds: 200).trains.map(\.source.unmapped))
            }
            #expect(sources.reduce(0) { $0 + $1.count } == senders.count)
            return sources
        }

        private static func senders(at addresses: [PeerAddress]) throws -> [DatagramSocket] {
            try addresses.map { try DatagramSocket.bind(to: $0) }
        }

        @Test(arguments: PeerAddress.usableFamilies)
        func `all flows of a host go to one socket`(family: PeerAddress.Family) throws {
            let senders = try Self.senders(at: Array(repeating: .loopback(family), count: 16))
            defer { senders.forEach { $0.close() } }
            let sizes = try Self.arrivals(.byHost, from: senders, family).map(\.count)
            #expect(sizes.sorted() == [0, 0, 0, 16])
        }

        @Test func `hosts are divided between the sockets`() throws {
            let addresses = (2...65).map { PeerAddress.ipv4(0x7F00_0000 + $0, port: 0) }
            let senders = try Self.senders(at: addresses)
            defer { senders.forEach { $0.close() } }
            let sizes = try Self.arrivals(.byHost, from: senders, .ipv4).map(\.count)
            #expect(sizes.allSatisfy { $0 >= 8 }, "\(sizes)")
        }

        @Test func `without that the flows of a host are divided`() throws {
            let senders = try Self.senders(at: Array(repeating: .loopback(.ipv4), count: 32))
            defer { senders.forEach { $0.close() } }
            let sizes = try Self.arrivals(.byFlow, from: senders, .ipv4).map(\.count)
            #expect(sizes.count { $0 > 0 } >= 2, "\(sizes)")
        }
    }
#endif
