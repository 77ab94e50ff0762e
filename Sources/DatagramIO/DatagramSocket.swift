import CDatagramSyscalls
import FakeTCP
package import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A UDP socket that moves bursts of datagrams with as few system calls as the kernel allows.
package final class DatagramSocket: DatagramCarrier, BatchedSocket {
    package let descriptor: Int32
    /// An IPv6 socket that is bound to the wildcard address also serves IPv4 peers.
    package let family: PeerAddress.Family
    package private(set) var localAddress: PeerAddress
    /// The only peer that it has.
    package private(set) var remoteAddress: PeerAddress?
    /// Where datagrams without a destination go, unless the kernel knows.
    private var impliedDestination: PeerAddress?
    package internal(set) var granted = GrantedOptions()
    package internal(set) var statistics = DatagramStatistics()
    /// For tests: asked before every call that sends; an error number is taken as the kernel's answer.
    package var sendFault: ((SendAttempt) -> Int32?)?

    var outgoing: OutgoingMessages
    var drops = KernelDrops()

    package var transport: Transport { .udp }

    private init(family: PeerAddress.Family) throws(SystemError) {
        let descriptor = SystemCalls.openDatagramSocket(family)
        guard descriptor >= 0 else { throw SystemError(call: "socket", number: -descriptor) }
        self.descriptor = descriptor
        self.family = family
        self.localAddress = .wildcard(family)
        self.outgoing = OutgoingMessages(family: family)
    }

    /// Opens a socket and binds it. The IPv6 wildcard address means all addresses of the machine, IPv4 included, and
    /// works on a machine without IPv6 too. Port 0: the kernel picks one.
    package static func bind(
        to address: PeerAddress, options: DatagramSocketOptions = .init()
    ) throws(SystemError) -> DatagramSocket {
        do throws(SystemError) {
            return try self.bindExactly(to: address, options: options)
        } catch {
            let lacksIPv6 = error.number == EAFNOSUPPORT && address.family == .ipv6 && address.isWildcard
            guard lacksIPv6 else { throw error }
            return try self.bindExactly(to: .wildcard(.ipv4, port: address.port), options: options)
        }
    }

    private static func bindExactly(
        to address: PeerAddress, options: DatagramSocketOptions
    ) throws(SystemError) -> DatagramSocket {
        try DatagramSocket(family: address.family).orClosed { socket throws(SystemError) in
            try socket.setAddressOptions(options, isWildcard: address.isWildcard)
            socket.setTrafficOptions(options)
            socket.setOffloads(options.offload)
            socket.allowFragmentation()
            let error = SystemCalls.bind(socket.descriptor, address)
            guard error == 0 else { throw SystemError(call: "bind \(address)", number: error) }
            socket.readLocalAddress()
            if let sharing = options.sharing, sharing.division == .byHost { socket.divide(among: sharing.socketCount) }
        }
    }

    /// Not possible everywhere, and not necessary.
    private func divide(among socketCount: Int) {
        let program = FilterProgram(choosingByHostAmong: socketCount)
        _ = SystemCalls.attach(program, to: self.descriptor, .allOfPort)
    }

    /// The options that decide what the socket may be bound to.
    private func setAddressOptions(_ options: DatagramSocketOptions, isWildcard: Bool) throws(SystemError) {
        if options.reuseAddress { try self.require("SO_REUSEADDR", level: SOL_SOCKET, option: SO_REUSEADDR, 1) }
        if options.sharing != nil { try self.require("SO_REUSEPORT", level: SOL_SOCKET, option: SO_REUSEPORT, 1) }
        guard self.family == .ipv6 else { return }
        try self.require("IPV6_V6ONLY", level: Int32(IPPROTO_IPV6), option: Int32(IPV6_V6ONLY), isWildcard ? 0 : 1)
    }

    /// Opens a socket for one peer: only its datagrams are received, and `send` needs no destination. It sends from the
    /// address of this machine that the way there begins at now.
    ///
    /// On Linux it is not connected. What an ICMP message says, which anybody can forge, would be an error of a connected
    /// socket, and NIO ends the process when it meets one that it does not know, such as "administratively prohibited"
    /// (2.101, `DatagramChannel.error()`). `ConnectedProbe` hears of it instead.
    package static func open(
        for peer: PeerAddress, options: DatagramSocketOptions = .init()
    ) throws(SystemError) -> DatagramSocket {
        let peer = peer.unmapped
        #if os(Linux)
            var local = try ConnectedProbe(peer).localAddress ?? .wildcard(peer.family)
            local.port = 0
            return try self.bindExactly(to: local, options: options).orClosed { socket throws(SystemError) in
                try socket.admitOnly(peer)
            }
        #else
            return try self.bind(to: .wildcard(peer.family), options: options).orClosed { socket throws(SystemError) in
                try socket.connect(to: peer)
            }
        #endif
    }

    /// Fixes the peer: only its datagrams are received, `send` needs no destination, and what ICMP says about it is
    /// reported.
    package func connect(to peer: PeerAddress) throws(SystemError) {
        let target = self.family == .ipv6 ? peer.mapped : peer.unmapped
        let error = SystemCalls.connect(self.descriptor, target)
        guard error == 0 else { throw SystemError(call: "connect \(peer)", number: error) }
        self.remoteAddress = peer.unmapped
        self.readLocalAddress()
    }

    /// The same without connecting, by a filter in the kernel. A system that does not know filters has to do it with.
    private func admitOnly(_ peer: PeerAddress) throws(SystemError) {
        guard SystemCalls.attach(.datagrams(from: peer), to: self.descriptor) == 0 else {
            return try self.connect(to: peer)
        }
        self.remoteAddress = peer
        self.impliedDestination = peer
    }

    package func close() { SystemCalls.close(self.descriptor) }

    private func readLocalAddress() {
        if let address = SystemCalls.localAddress(self.descriptor) { self.localAddress = address.unmapped }
    }
}

// MARK: - Datagrams

extension DatagramSocket {
    package func send(
        _ slab: borrowing PacketSlab, startingAt first: Int = 0, to destination: PeerAddress? = nil,
        from source: LocalAddress? = nil
    ) -> SendResult {
        guard self.outgoing.aim(at: destination ?? self.impliedDestination, from: source) else {
            return self.drop(slab, startingAt: first, EINVAL)
        }
        var progress = SendProgress(next: first)
        while progress.next < slab.count {
            let usesSegmentation = self.statistics.isSegmentationActive && !progress.isRepeating
            let range = progress.next..<min(slab.count, progress.repeatedEnd ?? slab.count)
            self.outgoing.fill(from: slab, range, usesSegmentation: usesSegmentation)
            guard self.sendOutgoing(&progress) else { return .blocked(next: progress.next) }
        }
        return .complete
    }

    package func turnAway(_ sources: [PeerAddress]) -> Bool {
        precondition(self.remoteAddress == nil, "this socket has one peer only")
        guard SystemCalls.attach(.datagrams(besides: sources), to: self.descriptor) == 0 else { return false }
        self.drops.isTurningAway = !sources.isEmpty
        return true
    }

    package func receive(into batch: inout ReceiveBatch) -> ReceiveResult { self.readMessages(into: &batch) }

    package func accept(
        _ bytes: RawSpan, segmentByteCount: Int? = nil, from source: PeerAddress, to destination: LocalAddress?,
        into batch: inout ReceiveBatch
    ) {
        let tally = batch.append(bytes, segmentByteCount: segmentByteCount, from: source, to: destination)
        self.statistics.receivedMessages += 1
        self.note(tally)
    }

    var layout: ReceiveBatch.Layout { self.statistics.isCoalescingActive ? .trains : .datagrams }

    func place(_ message: ReceiveBatch.KernelMessage, in batch: inout ReceiveBatch) -> ReceiveBatch.Tally {
        guard let source = message.source else { return ReceiveBatch.Tally() }
        return batch.note(
            message.range, message.control.segmentByteCount, from: source, to: message.control.destination)
    }
}
