package import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A UDP socket that moves bursts of datagrams with as few system calls as the kernel allows.
///
/// It does not own its descriptor: an event loop that watches it for readiness closes it. Only a socket that is never
/// handed to one is closed by `close`. Not thread-safe: it stays with the loop that uses it. Nothing in it blocks.
package final class DatagramSocket {
    /// Non-blocking, close-on-exec.
    package let descriptor: Int32
    /// An IPv6 socket that is bound to the wildcard address also serves IPv4 peers.
    package let family: PeerAddress.Family
    /// The address and port that it is bound to; of a connected socket, the address its datagrams come from.
    package private(set) var localAddress: PeerAddress
    /// The peer that it is connected to.
    package private(set) var remoteAddress: PeerAddress?
    /// What the kernel has granted, bytes, in the same measure as `DatagramSocketOptions`.
    package internal(set) var sendBufferByteCount = 0
    package internal(set) var receiveBufferByteCount = 0
    /// The buffers that are smaller than they should be.
    package internal(set) var bufferShortfalls: [BufferShortfall] = []
    /// Options that the kernel refused and that the socket works without.
    package internal(set) var refusedOptions: [SystemError] = []
    package internal(set) var statistics = DatagramStatistics()
    /// For tests: asked before every call that sends; an error number is taken as the kernel's answer.
    package var sendFault: ((SendAttempt) -> Int32?)?

    var outgoing: OutgoingMessages
    /// The kernel's last report of lost messages, modulo 2³².
    var queueOverflowCount: UInt32 = 0

    private init(family: PeerAddress.Family) throws(SystemError) {
        let descriptor = Self.openSocket(family: family == .ipv4 ? AF_INET : AF_INET6)
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
        let socket = try DatagramSocket(family: address.family)
        do throws(SystemError) {
            try socket.setAddressOptions(options, isWildcard: address.isWildcard)
            socket.setTrafficOptions(options)
            let error = unsafe address.withSocketAddress { unsafe bindCall(socket.descriptor, $0, $1) }
            guard error == 0 else { throw SystemError(call: "bind \(address)", number: error) }
            socket.readLocalAddress()
            return socket
        } catch {
            socket.close()
            throw error
        }
    }

    /// Fixes the peer: only its datagrams are received, `send` needs no destination, and what ICMP says about it is
    /// reported.
    package func connect(to peer: PeerAddress) throws(SystemError) {
        let target = self.family == .ipv6 ? peer.mapped : peer.unmapped
        let error = unsafe target.withSocketAddress { unsafe connectCall(self.descriptor, $0, $1) }
        guard error == 0 else { throw SystemError(call: "connect \(peer)", number: error) }
        self.remoteAddress = peer.unmapped
        self.readLocalAddress()
    }

    /// Closes the descriptor. Only for a socket that has not been handed to an event loop.
    package func close() { closeCall(self.descriptor) }

    private func readLocalAddress() {
        let address = unsafe PeerAddress.reading { unsafe getsockname(self.descriptor, $0, $1) }
        if let address { self.localAddress = address.unmapped }
    }
}

// The system's functions by their own names, which the methods above would hide.

@inline(never)
private func bindCall(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ byteCount: socklen_t) -> Int32 {
    unsafe bind(descriptor, address, byteCount) == 0 ? 0 : errno
}

@inline(never)
private func connectCall(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ byteCount: socklen_t) -> Int32 {
    unsafe connect(descriptor, address, byteCount) == 0 ? 0 : errno
}

private func closeCall(_ descriptor: Int32) { _ = close(descriptor) }
