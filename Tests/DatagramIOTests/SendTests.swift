import DatagramIO
import PacketPrimitives
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The kernel's answers to sending, real and invented ones.
@Suite struct SendTests {
    /// Answers each call with the next error of a list, then lets calls through. Notes what was tried.
    private final class Faults {
        var errors: [Int32?]
        var attempts: [SendAttempt] = []

        init(_ errors: [Int32?]) { self.errors = errors }

        func answer(_ attempt: SendAttempt) -> Int32? {
            self.attempts.append(attempt)
            return self.errors.isEmpty ? nil : self.errors.removeFirst()
        }
    }

    private static let burst = Burst(lengths: [800, 800, 800, 800, 800, 100])

    // MARK: Trains

    private static let arrangements: [(lengths: [Int], messageCount: UInt64)] = [
        ([1350], 1), ([1350, 1350], 1), ([1350, 1350, 900], 1), ([900, 1350], 2), ([1350, 900, 1350, 900], 2),
        ([1350, 0, 1350, 0, 0, 1350], 1), ([700, 600, 600], 2), (Array(repeating: 1350, count: 48), 1),
        (Array(repeating: 1350, count: 49), 2), (Array(repeating: 64, count: 64), 1),
        (Array(repeating: 64, count: 65), 2), (Array(repeating: 64, count: 128), 2),
    ]

    @Test(.enabled(if: OffloadPolicy.isSegmentationAvailable), arguments: Self.arrangements)
    func `equal lengths and one short last make a train`(lengths: [Int], messageCount: UInt64) throws {
        let pair = try SocketPair()
        #expect(pair.client.sendAll(Burst(lengths: lengths)) == .complete)
        #expect(pair.client.statistics.sentMessages == messageCount)
        #expect(pair.client.statistics.sendCalls == 1)
    }

    @Test(.enabled(if: OffloadPolicy.isSegmentationAvailable))
    func `a single datagram is never segmented`() throws {
        let pair = try SocketPair()
        let faults = Faults([])
        pair.client.sendFault = faults.answer
        #expect(pair.client.sendAll(Burst(lengths: [500])) == .complete)
        #expect(pair.client.sendAll(Burst(lengths: [500, 501, 502])) == .complete)
        #expect(faults.attempts.map(\.messageCount) == [1, 3])
        #expect(faults.attempts.allSatisfy { !$0.isSegmented && $0.datagramCount == 1 })
    }

    @Test func `without batching there is one message per call`() throws {
        let pair = try SocketPair(client: .plain)
        let faults = Faults([])
        pair.client.sendFault = faults.answer
        #expect(pair.client.sendAll(Self.burst) == .complete)
        #expect(faults.attempts.map(\.messageCount) == [1, 1, 1, 1, 1, 1])
    }

    // MARK: Nothing more goes out

    @Test(arguments: OffloadPolicy.all, [EAGAIN, ENOBUFS])
    func `a full kernel stops at the first entry that was not sent`(policy: OffloadPolicy, error: Int32) throws {
        let pair = try SocketPair(client: policy)
        pair.client.sendFault = Faults([nil, error, error]).answer
        let burst = Burst(lengths: Array(repeating: 1300, count: 160))
        let slab = burst.slab()
        var next = 0
        var blockedCount = 0
        while case .blocked(let index) = pair.client.send(slab, startingAt: next) {
            #expect(index > 0 && index >= next)
            next = index
            blockedCount += 1
        }
        #expect(blockedCount == 2)
        #expect(pair.client.statistics.blockedSends == 2)
        #expect(pair.client.statistics.droppedDatagrams.isEmpty)
        #expect(pair.server.receive(count: 160).datagrams == burst.datagrams)
    }

    @Test func `a kernel that is full at once has sent nothing`() throws {
        let pair = try SocketPair()
        pair.client.sendFault = Faults([EAGAIN]).answer
        let burst = Burst(lengths: [0, 40, 40])
        #expect(pair.client.send(burst.slab()) == .blocked(next: 1))
        #expect(pair.client.statistics.sentDatagrams == 0)
    }

    // MARK: Segmentation that does not work

    @Test(.enabled(if: OffloadPolicy.isSegmentationAvailable), arguments: [EIO, EINVAL, ENOPROTOOPT, EOPNOTSUPP])
    func `trains that the kernel refuses go as single datagrams, for good`(error: Int32) throws {
        let pair = try SocketPair()
        pair.client.sendFault = { $0.isSegmented ? error : nil }
        #expect(pair.client.sendAll(Self.burst) == .complete)
        #expect(pair.server.receive(count: 6).datagrams == Self.burst.datagrams)
        #expect(!pair.client.statistics.isSegmentationActive)
        #expect(pair.client.statistics.droppedDatagrams.isEmpty)

        let faults = Faults([])
        pair.client.sendFault = faults.answer
        #expect(pair.client.sendAll(Self.burst) == .complete)
        #expect(pair.server.receive(count: 6).datagrams == Self.burst.datagrams)
        #expect(faults.attempts.allSatisfy { !$0.isSegmented })
    }

    @Test(.enabled(if: OffloadPolicy.isSegmentationAvailable))
    func `an error that single datagrams meet too is not about trains`() throws {
        let pair = try SocketPair()
        pair.client.sendFault = { _ in EINVAL }
        #expect(pair.client.sendAll(Self.burst) == .complete)
        #expect(pair.client.statistics.isSegmentationActive)
        #expect(pair.client.statistics.droppedDatagrams == [EINVAL: 6])
    }

    @Test(.enabled(if: OffloadPolicy.isSegmentationAvailable))
    func `a train that is too long for the path goes as single datagrams, this time`() throws {
        let pair = try SocketPair()
        let faults = Faults([EMSGSIZE])
        pair.client.sendFault = faults.answer
        let burst = Burst(lengths: [800, 800, 800, 900, 900])
        #expect(pair.client.sendAll(burst) == .complete)
        #expect(pair.server.receive(count: 5).datagrams == burst.datagrams)
        #expect(faults.attempts.map(\.isSegmented) == [true, false, true])
        #expect(pair.client.statistics.isSegmentationActive)
    }

    @Test func `a kernel without sendmmsg gets one message per call, for good`() throws {
        let pair = try SocketPair(client: OffloadPolicy(allowsSegmentation: false))
        pair.client.sendFault = { $0.messageCount > 1 ? ENOSYS : nil }
        let burst = Burst(lengths: [10, 20, 30])
        #expect(pair.client.sendAll(burst) == .complete)
        #expect(pair.server.receive(count: 3).datagrams == burst.datagrams)
        #expect(!pair.client.statistics.isBatchingActive)
    }

    // MARK: Errors about a datagram

    @Test(arguments: OffloadPolicy.all)
    func `a packet filter that refuses once costs nothing`(policy: OffloadPolicy) throws {
        let pair = try SocketPair(client: policy)
        pair.client.sendFault = Faults([EPERM]).answer
        #expect(pair.client.sendAll(Self.burst) == .complete)
        #expect(pair.server.receive(count: 6).datagrams == Self.burst.datagrams)
        #expect(pair.client.statistics.droppedDatagrams.isEmpty)
    }

    @Test(arguments: OffloadPolicy.all)
    func `the echo of earlier datagrams costs nothing`(policy: OffloadPolicy) throws {
        let pair = try SocketPair(client: policy)
        pair.client.sendFault = Faults(Array(repeating: ECONNREFUSED, count: 5)).answer
        #expect(pair.client.sendAll(Self.burst) == .complete)
        #expect(pair.server.receive(count: 6).datagrams == Self.burst.datagrams)
    }

    @Test(arguments: OffloadPolicy.all, [EPERM, ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, EACCES, EMSGSIZE, ENOMEM])
    func `datagrams that the kernel refuses are dropped, and the socket goes on`(
        policy: OffloadPolicy, error: Int32
    ) throws {
        let pair = try SocketPair(client: policy)
        pair.client.sendFault = { _ in error }
        #expect(pair.client.sendAll(Self.burst) == .complete)
        #expect(pair.client.statistics.droppedDatagrams == [error: 6])
        #expect(pair.client.statistics.sentDatagrams == 0)

        pair.client.sendFault = nil
        #expect(pair.client.sendAll(Self.burst) == .complete)
        #expect(pair.server.receive(count: 6).datagrams == Self.burst.datagrams)
    }

    @Test(.enabled(if: OffloadPolicy.isSegmentationAvailable))
    func `only the train that is refused is dropped`() throws {
        let pair = try SocketPair()
        pair.client.sendFault = Faults([EACCES]).answer
        let burst = Burst(lengths: [500, 500, 500, 700, 700])
        #expect(pair.client.sendAll(burst) == .complete)
        #expect(pair.client.statistics.droppedDatagrams == [EACCES: 3])
        #expect(pair.server.receive(count: 2).datagrams == Array(burst.datagrams[3...]))
    }

    @Test func `the real kernel refuses a peer that has no route`() throws {
        let socket = try DatagramSocket.bind(to: .loopback(.ipv4))
        defer { socket.close() }
        // From 127.0.0.1 there is no way to anybody outside.
        #expect(socket.sendAll(Self.burst, to: .ipv4(0xC000_0201, port: 9)) == .complete)
        #expect(socket.statistics.droppedDatagrams.values.reduce(0, +) + socket.statistics.sentDatagrams == 6)
        #expect(socket.statistics.isSegmentationActive == OffloadPolicy.isSegmentationAvailable)
    }

    // MARK: Destinations that the socket cannot send to

    @Test(arguments: [PeerAddress.loopback(.ipv6, port: 9), .ipv4(0x7F00_0001, port: 0)])
    func `a peer that an IPv4 socket cannot reach costs no call`(peer: PeerAddress) throws {
        let socket = try DatagramSocket.bind(to: .wildcard(.ipv4))
        defer { socket.close() }
        #expect(socket.sendAll(Burst(lengths: [50, 0, 50]), to: peer) == .complete)
        #expect(socket.statistics.droppedDatagrams == [EINVAL: 2])
        #expect(socket.statistics.sendCalls == 0)
    }

    @Test func `a source of the other family costs no call`() throws {
        let pair = try SocketPair()
        let source = LocalAddress(.loopback(.ipv6))
        #expect(pair.client.sendAll(Burst(lengths: [50]), from: source) == .complete)
        #expect(pair.client.statistics.droppedDatagrams == [EINVAL: 1])
    }
}
