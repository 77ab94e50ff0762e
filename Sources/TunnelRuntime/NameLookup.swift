import DatagramIO
package import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// How a host's name becomes addresses.
package struct NameLookup: Sendable {
    /// The addresses of a name, best first, their ports 0; at least one. May take long: not for event loops.
    package let addresses: @Sendable (_ name: String) throws -> [PeerAddress]

    package init(_ addresses: @escaping @Sendable (_ name: String) throws -> [PeerAddress]) {
        self.addresses = addresses
    }

    /// Asks the system, which sorts by what it can reach (RFC 6724). Families take turns (RFC 8305 §4), so that one
    /// that does not work costs one try.
    package static let system = NameLookup { name in
        let addresses = try Self.systemAddresses(of: name).inTurnByFamily
        guard !addresses.isEmpty else { throw AddressError.notAnInternetAddress(name) }
        return addresses
    }

    private static func systemAddresses(of name: String) throws(AddressError) -> [PeerAddress] {
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(name, nil, nil, &list)
        guard status == 0 else { throw .unresolvable(reason: unsafe String(cString: gai_strerror(status))) }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [PeerAddress] = []
        var entry = unsafe list
        while let current = unsafe entry {
            let info = unsafe current.pointee
            // Each address comes once for every kind of socket.
            if let address = unsafe Self.address(info), !addresses.contains(address) { addresses.append(address) }
            unsafe entry = info.ai_next
        }
        return addresses
    }

    private static func address(_ info: addrinfo) -> PeerAddress? {
        guard let pointer = unsafe info.ai_addr else { return nil }
        return unsafe PeerAddress(socketAddress: UnsafeRawPointer(pointer), byteCount: Int(info.ai_addrlen))
    }
}

extension [PeerAddress] {
    /// The same addresses, IPv6 and IPv4 alternating from the first one's family on; otherwise in their order.
    var inTurnByFamily: [PeerAddress] {
        let firsts = self.filter { $0.family == self.first?.family }
        let others = self.filter { $0.family != self.first?.family }
        return (0..<Swift.max(firsts.count, others.count)).flatMap { index in
            [firsts, others].flatMap { $0.dropFirst(index).prefix(1) }
        }
    }
}
