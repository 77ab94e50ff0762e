package import FakeTCP
package import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Datagrams disguised as segments of TCP connections, through a raw socket (protocol 06 §10). Linux only.
///
/// The connections are real, as far as anything on the way can see: the kernel makes them. It is kept from hearing of
/// the datagrams (`MutedConnection`), so it does not answer them, and the system's packet rules stay as they are.
package final class FakeTCPSocket: DatagramCarrier, BatchedSocket {
    package let descriptor: Int32
    /// A raw socket has one family only: two of them serve the wildcard address of both.
    package let family: PeerAddress.Family
    package private(set) var localAddress: PeerAddress
    /// The peer, if there is only one.
    package private(set) var remoteAddress: PeerAddress?
    package internal(set) var granted = GrantedOptions()
    package internal(set) var statistics = DatagramStatistics()
    /// For tests: asked before every call that sends; an error number is taken as the kernel's answer.
    package var sendFault: ((SendAttempt) -> Int32?)?

    var outgoing: OutgoingMessages
    var drops = KernelDrops()
    var flows = FlowTable()
    /// The time of the call at work.
    var now = Instant(microseconds: 0)

    package var transport: Transport { .tcp }
    var layout: ReceiveBatch.Layout { .datagrams }

    private init(localAddress: PeerAddress, options: DatagramSocketOptions) throws(SystemError) {
        let descriptor = SystemCalls.openSegmentSocket(localAddress.family)
        guard descriptor >= 0 else { throw SystemError(call: "socket (raw, for TCP)", number: -descriptor) }
        self.descriptor = descriptor
        self.family = localAddress.family
        self.localAddress = localAddress
        self.outgoing = OutgoingMessages(family: self.family, headerByteCapacity: SegmentHeader.byteCapacity)
        self.setTrafficOptions(options)
    }

    package func close() { SystemCalls.close(self.descriptor) }

    // MARK: What it needs and costs

    /// Whether this system has what it takes. The process may lack the privilege all the same.
    package static var isAvailable: Bool {
        #if os(Linux)
            true
        #else
            false
        #endif
    }

    /// The length of the IP packet that carries a datagram, at most: peers without timestamps save 12 bytes.
    package static func packetByteCount(datagram byteCount: Int, _ family: PeerAddress.Family) -> Int {
        byteCount + SegmentHeader.byteCapacity + (family == .ipv4 ? 20 : 40)
    }

    /// Throws what keeps this process from opening such sockets: the lack of a privilege, or of raw sockets at all.
    package static func checkPrivilege() throws(SystemError) {
        try FakeTCPSocket(localAddress: .wildcard(.ipv4), options: DatagramSocketOptions()).close()
    }

    // MARK: Server

    /// A socket for all clients of the port of `address`, or for a part of them. The kernel must be listening there.
    package static func serve(
        _ address: PeerAddress, share: FlowShare = .all, options: DatagramSocketOptions = .init()
    ) throws(SystemError) -> FakeTCPSocket {
        try FakeTCPSocket(localAddress: address, options: options).orClosed { socket throws(SystemError) in
            try socket.attach(.datagrams(socket.start, to: address.port, share: share))
            try socket.bind(to: address)
        }
    }

    // MARK: Client

    /// A socket that waits for the answer of `peer` to the kernel's attempt to connect, which follows.
    package static func expectConnection(
        to peer: PeerAddress, options: DatagramSocketOptions = .init()
    ) throws(SystemError) -> FakeTCPSocket {
        let socket = try FakeTCPSocket(localAddress: .wildcard(peer.family), options: options)
        return try socket.orClosed { socket throws(SystemError) in
            try socket.attach(.handshakeAnswers(socket.start, from: peer.port))
            socket.dropReceived()
            socket.remoteAddress = peer
        }
    }

    /// Takes over from the kernel, which has connected from `localAddress`.
    package func takeConnection(from localAddress: PeerAddress) throws(SystemError) {
        guard let peer = self.remoteAddress else { preconditionFailure("not the socket of a client") }
        self.localAddress = localAddress
        self.now = .now()
        guard self.readHandshakeAnswer(from: peer) else {
            throw SystemError(call: "look for the answer of \(peer) on a raw socket", number: ENODATA)
        }
        try self.attach(.datagrams(self.start, from: peer.port, to: localAddress.port))
        // Not connected, either: see `DatagramSocket.open(for:)`.
        try self.bind(to: localAddress)
    }

    // MARK: Parts

    /// What the packets of this socket begin with.
    private var start: FilterProgram.Start { self.family == .ipv4 ? .ipv4Header : .segment }

    private func attach(_ filter: FilterProgram) throws(SystemError) {
        let error = SystemCalls.attach(filter, to: self.descriptor)
        guard error == 0 else { throw SystemError(call: "SO_ATTACH_FILTER", number: error) }
    }

    private func bind(to address: PeerAddress) throws(SystemError) {
        let error = SystemCalls.bind(self.descriptor, address.withoutPort)
        guard error == 0 else { throw SystemError(call: "bind \(address) (raw)", number: error) }
    }
}

extension PeerAddress {
    /// As raw sockets want it: their packets' ports are payload to the kernel.
    fileprivate var withoutPort: PeerAddress {
        var address = self
        address.port = 0
        return address
    }
}

extension Instant {
    /// The system's monotonic clock.
    static func now() -> Instant {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(microseconds: UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000)
    }
}
