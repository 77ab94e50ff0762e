package import NIOCore
package import NIOPosix
import PacketPrimitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Binds stream listeners to the operator's addresses.
package enum StreamListener {
    /// An empty host means all addresses of the machine.
    /// - Throws: `IOError` when the address is taken or not ours.
    package static func bind(_ bootstrap: ServerBootstrap, to address: StreamAddress) async throws -> any Channel {
        switch address {
        case .unix(let path):
            try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: false).get()
        case .tcp("", let port):
            try await Self.bindAllAddresses(bootstrap, port: port)
        case .tcp(let host, let port):
            try await bootstrap.bind(host: host, port: port).get()
        }
    }

    /// IPv6 and IPv4, or IPv4 alone on a machine without IPv6.
    private static func bindAllAddresses(_ bootstrap: ServerBootstrap, port: Int) async throws -> any Channel {
        do {
            return try await bootstrap.bind(host: "::", port: port).get()
        } catch let error as IOError where error.errnoCode == EAFNOSUPPORT || error.errnoCode == EADDRNOTAVAIL {
            return try await bootstrap.bind(host: "0.0.0.0", port: port).get()
        }
    }

    /// Where a listener is bound, as the operator would write it; empty if it has been closed.
    package static func boundAddress(of listener: any Channel) -> String {
        guard let address = listener.localAddress else { return "" }
        return address.peerAddress?.description ?? address.pathname ?? ""
    }
}
