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
    /// All addresses of `host`, best first, with port 0; an empty host is this machine.
    static func resolveAll(
        _ host: String, with lookup: NameLookup, on loop: any EventLoop
    ) -> EventLoopFuture<[PeerAddress]> {
        if let address = Self.numericAddress(of: host) { return loop.makeSucceededFuture([address]) }
        return NIOThreadPool.singleton.runIfActive(eventLoop: loop) { try lookup.addresses(host) }
    }

    /// The address of a host that needs no lookup; `nil` for a name.
    static func numericAddress(of host: String) -> PeerAddress? {
        PeerAddress(numericHost: host.isEmpty ? "127.0.0.1" : host, port: 0)
    }

    /// The address to bind to for a server's `host`; an empty host means all addresses, IPv6 and IPv4.
    static func bindAddress(_ host: String, port: UInt16, on loop: any EventLoop) -> EventLoopFuture<PeerAddress> {
        if host.isEmpty { return loop.makeSucceededFuture(.wildcard(.ipv6, port: port)) }
        return self.resolveAll(host, with: .system, on: loop).map { $0[0].with(port: port) }
    }
}

package enum AddressError: Error, CustomStringConvertible {
    case notAnInternetAddress(String)
    case unresolvable(reason: String)

    package var description: String {
        switch self {
        case .notAnInternetAddress(let host): "\(host) has no IPv4 or IPv6 address"
        case .unresolvable(let reason): "the name cannot be resolved (\(reason))"
        }
    }
}

extension PeerAddress {
    /// The same host with a port.
    func with(port: UInt16) -> PeerAddress {
        var address = self
        address.port = port
        return address
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
