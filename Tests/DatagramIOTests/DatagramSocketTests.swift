import DatagramIO
import FakeTCP
import PacketPrimitives
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

@Suite struct DatagramSocketTests {
    @Test func `the kernel's port is reported`() throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        #expect(socket.localAddress.port != 0)
        #expect(socket.localAddress.host == "127.0.0.1")
        #expect(socket.remoteAddress == nil)
    }

    @Test func `the descriptor does not block and is not inherited`() throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
        #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test func `an address in use is an error that names it`() throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        let error = #expect(throws: SystemError.self) { try DatagramSocket.bind(to: socket.localAddress) }
        #expect(error == SystemError(call: "bind \(socket.localAddress)", number: EADDRINUSE))
    }

    @Test func `an address of somebody else is an error`() {
        let address = PeerAddress.ipv4(0xC000_0201, port: 0)
        let error = #expect(throws: SystemError.self) { try DatagramSocket.bind(to: address) }
        #expect(error?.number == EADDRNOTAVAIL)
    }

    @Test func `several sockets share a port if asked to`() throws {
        let options = DatagramSocketOptions(sharing: PortSharing(socketCount: 2, .byFlow))
        let first = try DatagramSocket.bind(to: .loopback(.ipv4), options: options)
        let second = try DatagramSocket.bind(to: first.localAddress, options: options)
        defer { [first, second].forEach { $0.close() } }
        #expect(first.localAddress == second.localAddress)
    }

    @Test func `a connected socket knows both addresses`() throws {
        let server = try DatagramSocket.bind(to: .loopback(.ipv4))
        let client = try DatagramSocket.bind(to: .wildcard(.ipv4))
        defer { [server, client].forEach { $0.close() } }
        #expect(client.localAddress.isWildcard)
        try client.connect(to: server.localAddress)
        #expect(client.remoteAddress == server.localAddress)
        #expect(client.localAddress.host == "127.0.0.1")
    }

    @Test(arguments: PeerAddress.usableFamilies)
    func `a socket for one peer hears nobody else and needs no destination`(family: PeerAddress.Family) throws {
        let (server, stranger) = (
            try DatagramSocket.bind(to: .loopback(family)), try DatagramSocket.bind(to: .loopback(family))
        )
        let client = try DatagramSocket.open(for: server.localAddress)
        defer { [server, stranger, client].forEach { $0.close() } }
        #expect(client.remoteAddress == server.localAddress)
        #expect(client.localAddress.host == server.localAddress.host)
        let burst = Burst(lengths: [20, 30, 40])
        #expect(client.sendAll(burst) == .complete)
        #expect(server.receive(count: 3).datagrams == burst.datagrams)
        for socket in [stranger, server] { try socket.connect(to: client.localAddress) }
        #expect(stranger.sendAll(Burst(lengths: [21, 31])) == .complete)
        #expect(server.sendAll(burst) == .complete)
        #expect(client.receive(count: 3).datagrams == burst.datagrams)
    }

    @Test func `a peer may be given as the IPv4 address that an IPv6 socket would see`() throws {
        let server = try DatagramSocket.bind(to: .loopback(.ipv4))
        let client = try DatagramSocket.open(for: server.localAddress.mapped)
        defer { [server, client].forEach { $0.close() } }
        try server.connect(to: client.localAddress)
        let burst = Burst(lengths: [20, 30])
        #expect(server.sendAll(burst) == .complete)
        #expect(client.receive(count: 2).datagrams == burst.datagrams)
    }

    @Test(.enabled(if: PeerAddress.usableFamilies.contains(.ipv6)))
    func `an IPv6 wildcard socket connects to an IPv4 peer and says so in IPv4`() throws {
        let server = try DatagramSocket.bind(to: .loopback(.ipv4))
        let client = try DatagramSocket.bind(to: .wildcard(.ipv6))
        defer { [server, client].forEach { $0.close() } }
        try client.connect(to: server.localAddress)
        #expect(client.remoteAddress == server.localAddress)
        let burst = Burst(lengths: [20, 20, 20])
        #expect(client.sendAll(burst) == .complete)
        let arrivals = server.receive(count: 3)
        #expect(arrivals.datagrams == burst.datagrams)
        #expect(arrivals.trains.allSatisfy { $0.source == client.localAddress })
    }

    @Test(.enabled(if: PeerAddress.usableFamilies.contains(.ipv6)), arguments: OffloadPolicy.all)
    func `one wildcard socket serves both families`(policy: OffloadPolicy) throws {
        let server = try DatagramSocket.bind(to: .wildcard(.ipv6), options: .init(offload: policy))
        defer { server.close() }
        for family in [PeerAddress.Family.ipv4, .ipv6] {
            let client = try DatagramSocket.bind(to: .wildcard(family))
            defer { client.close() }
            let peer = PeerAddress.loopback(family, port: server.localAddress.port)
            #expect(client.sendAll(Burst(lengths: [30, 30]), to: peer) == .complete)
            let question = try #require(server.receive(count: 2).trains.first)
            #expect(question.source.family == family)
            #expect(question.destination == LocalAddress(.loopback(family)))
            #expect(server.sendAll(Burst(lengths: [31, 31]), to: question.source) == .complete)
            #expect(client.receive(count: 2).trains.allSatisfy { $0.source == peer })
        }
    }

    #if os(Linux)
        /// Of one family, and of both.
        @Test(
            arguments: PeerAddress.usableFamilies.map { PeerAddress.loopback($0) }
                + (PeerAddress.usableFamilies.contains(.ipv6) ? [.wildcard(.ipv6)] : []),
            PeerAddress.usableFamilies)
        func `the kernel turns away whom it is told to`(address: PeerAddress, family: PeerAddress.Family) throws {
            let server = try DatagramSocket.bind(to: address)
            let (stranger, client) = (
                try DatagramSocket.bind(to: .loopback(family)), try DatagramSocket.bind(to: .loopback(family))
            )
            defer { [server, stranger, client].forEach { $0.close() } }
            guard address.isWildcard || address.family == family else { return }
            let peer = PeerAddress.loopback(family, port: server.localAddress.port)
            let other = PeerAddress.loopback(family == .ipv4 ? .ipv6 : .ipv4, port: stranger.localAddress.port)
            let burst = Burst(lengths: [20, 30, 40])
            #expect(server.turnAway([stranger.localAddress, other]))
            for socket in [stranger, client] { #expect(socket.sendAll(burst, to: peer) == .complete) }
            let arrivals = server.receive(count: 4, patienceMilliseconds: 100)
            #expect(arrivals.datagrams == burst.datagrams)
            #expect(arrivals.trains.allSatisfy { $0.source == client.localAddress })
            #expect(server.turnAway([]))
            #expect(stranger.sendAll(burst, to: peer) == .complete)
            #expect(server.receive(count: 3).datagrams == burst.datagrams)
            #expect(server.statistics.turnedAwayMessages > 0 && server.statistics.receiveQueueOverflows == 0)
        }
    #endif

    @Test(.enabled(if: PeerAddress.usableFamilies.contains(.ipv6)))
    func `an IPv6 socket of one address leaves IPv4 alone`() throws {
        let ipv6 = try DatagramSocket.bind(to: .loopback(.ipv6))
        let ipv4 = try DatagramSocket.bind(to: .wildcard(.ipv4, port: ipv6.localAddress.port))
        defer { [ipv4, ipv6].forEach { $0.close() } }
        #expect(ipv4.localAddress.port == ipv6.localAddress.port)
    }

    // MARK: Options

    @Test func `granted buffers are reported as they were asked for`() throws {
        let options = DatagramSocketOptions(sendBufferByteCount: 100_000, receiveBufferByteCount: 120_000)
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4), options: options)
        defer { socket.close() }
        #expect(socket.granted.sendBufferByteCount == 100_000)
        #expect(socket.granted.receiveBufferByteCount == 120_000)
        #expect(socket.granted.bufferShortfalls.isEmpty)
    }

    @Test func `buffers that nobody asked for are reported too`() throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        #expect(socket.granted.sendBufferByteCount > 0 && socket.granted.receiveBufferByteCount > 0)
        #expect(socket.granted.bufferShortfalls.isEmpty)
    }

    @Test func `a buffer that is not granted is a shortfall`() throws {
        // More than any system grants, privileged or not: the kernel's figure is an Int32, twice the size.
        let options = DatagramSocketOptions(receiveBufferByteCount: Int(Int32.max))
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4), options: options)
        defer { socket.close() }
        let shortfall = try #require(socket.granted.bufferShortfalls.first)
        #expect(shortfall.direction == .receive)
        #expect(shortfall.requestedByteCount == Int(Int32.max))
        #expect(shortfall.grantedByteCount == socket.granted.receiveBufferByteCount)
    }

    @Test(arguments: PeerAddress.usableFamilies)
    func `the code point is the upper six bits of the traffic class`(family: PeerAddress.Family) throws {
        let socket = try DatagramSocket.bind(to: .loopback(family), options: .init(dscp: 46))
        defer { socket.close() }
        #expect(socket.granted.refusedOptions.isEmpty)
        #expect(socket.option(level: Int32(IPPROTO_IP), Int32(IP_TOS)) == 184)
        if family == .ipv6 { #expect(socket.option(level: Int32(IPPROTO_IPV6), Int32(IPV6_TCLASS)) == 184) }
    }

    @Test func `a code point of more than six bits is refused`() async {
        await #expect(processExitsWith: .failure) { _ = DatagramSocketOptions(dscp: 64) }
    }

    @Test(arguments: OffloadPolicy.all)
    func `what the policy forbids is off`(policy: OffloadPolicy) throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4), options: .init(offload: policy))
        defer { socket.close() }
        #expect(policy.allowsSegmentation || !socket.statistics.isSegmentationActive)
        #expect(policy.allowsCoalescing || !socket.statistics.isCoalescingActive)
        #expect(policy.allowsBatching || !socket.statistics.isBatchingActive)
    }
}

extension DatagramSocket {
    fileprivate func option(level: Int32, _ option: Int32) -> Int32 {
        var value: Int32 = -1
        var byteCount = socklen_t(MemoryLayout<Int32>.size)
        _ = getsockopt(self.descriptor, level, option, &value, &byteCount)
        return value
    }
}
