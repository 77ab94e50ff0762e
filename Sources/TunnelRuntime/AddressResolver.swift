import DatagramIO
import NIOCore
import NIOPosix
import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Turns the operator's host names into addresses, off the event loops.
enum AddressResolver {
    /// The first address of `host`; an empty host is this machine.
    static func resolve(_ host: String, port: UInt16, on loop: any EventLoop) -> EventLoopFuture<PeerAddress> {
        let host = host.isEmpty ? "127.0.0.1" : host
        if let address = PeerAddress(numericHost: host, port: port) { return loop.makeSucceededFuture(address) }
        return NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
            guard let address = try SocketAddress.makeAddressResolvingHost(host, port: Int(port)).peerAddress else {
                throw AddressError.notAnInternetAddress(host)
            }
            return address
        }
    }

    /// The address to bind to for a server's `host`; an empty host means all addresses, IPv6 and IPv4.
    static func bindAddress(_ host: String, port: UInt16, on loop: any EventLoop) -> EventLoopFuture<PeerAddress> {
        if host.isEmpty { return loop.makeSucceededFuture(.wildcard(.ipv6, port: port)) }
        return self.resolve(host, port: port, on: loop)
    }
}

package enum AddressError: Error, CustomStringConvertible {
    case notAnInternetAddress(String)

    package var description: String {
        switch self {
        case .notAnInternetAddress(let host): "\(host) has no IPv4 or IPv6 address"
        }
    }
}

extension PeerAddress {
    /// The address as NIO wants it.
    var socketAddress: SocketAddress {
        unsafe self.withSocketAddress { pointer, _ in
            let bytes = unsafe UnsafeRawPointer(pointer)
            return switch self.family {
            case .ipv4: unsafe SocketAddress(bytes.loadUnaligned(as: sockaddr_in.self))
            case .ipv6: unsafe SocketAddress(bytes.loadUnaligned(as: sockaddr_in6.self))
            }
        }
    }
}

extension SocketAddress {
    /// The address as a plain value; `nil` for unix sockets.
    var peerAddress: PeerAddress? {
        unsafe self.withSockAddr { unsafe PeerAddress(socketAddress: $0, byteCount: $1) }
    }
}
