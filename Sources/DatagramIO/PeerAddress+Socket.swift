package import PacketPrimitives

#if canImport(Darwin)
    package import Darwin
#elseif canImport(Musl)
    package import Musl
#else
    package import Glibc
#endif

// PeerAddress ↔ the kernel's socket addresses.

extension PeerAddress {
    /// The address that stands for all local addresses of the family.
    package static func wildcard(_ family: Family, port: UInt16 = 0) -> PeerAddress {
        PeerAddress(family: family, high: 0, low: 0, port: port)
    }

    /// Whether this is 0.0.0.0 or ::.
    package var isWildcard: Bool { self.high == 0 && self.low == 0 }

    /// An IPv4 address as ::ffff:a.b.c.d, as an IPv6 socket wants it. The opposite of `unmapped`.
    package var mapped: PeerAddress {
        guard self.family == .ipv4 else { return self }
        return PeerAddress(family: .ipv6, high: 0, low: 0xFFFF_0000_0000 | self.high, port: self.port)
    }

    /// Reads `10.1.2.3`, `2001:db8::1` or `fe80::1%eth0` (or `%2`); `nil` for anything else, names included.
    package init?(numericHost host: String, port: UInt16) {
        var ipv4 = in_addr()
        if unsafe inet_pton(AF_INET, host, &ipv4) == 1 {
            self = .ipv4(UInt32(bigEndian: ipv4.s_addr), port: port)
            return
        }
        let parts = host.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        var ipv6 = in6_addr()
        guard let address = parts.first, unsafe inet_pton(AF_INET6, String(address), &ipv6) == 1 else { return nil }
        let (high, low) = ipv6.halves
        self.init(family: .ipv6, high: high, low: low, port: port)
        if parts.count == 2 {
            guard let scope = Self.scope(named: String(parts[1])) else { return nil }
            self.scope = scope
        }
    }

    /// The index of a network interface, by name or number.
    private static func scope(named name: String) -> UInt32? {
        if let number = UInt32(name) { return number == 0 ? nil : number }
        let index = unsafe if_nametoindex(name)
        return index == 0 ? nil : index
    }
}

// MARK: The kernel's form

extension PeerAddress {
    /// Enough for a `sockaddr_in` or `sockaddr_in6`.
    static let socketAddressByteCapacity = 32

    /// Reads the `sockaddr` at `pointer`, which is `byteCount` bytes long; `nil` if it is of another family or cut.
    /// An IPv4-mapped address stays what it is: see `unmapped`.
    package init?(socketAddress pointer: UnsafeRawPointer, byteCount: Int) {
        guard byteCount >= MemoryLayout<sockaddr_in>.size else { return nil }
        switch Int32(unsafe pointer.loadUnaligned(as: sockaddr.self).sa_family) {
        case AF_INET:
            let address = unsafe pointer.loadUnaligned(as: sockaddr_in.self)
            self = .ipv4(UInt32(bigEndian: address.sin_addr.s_addr), port: UInt16(bigEndian: address.sin_port))
        case AF_INET6 where byteCount >= MemoryLayout<sockaddr_in6>.size:
            let address = unsafe pointer.loadUnaligned(as: sockaddr_in6.self)
            let (high, low) = address.sin6_addr.halves
            let port = UInt16(bigEndian: address.sin6_port)
            self.init(family: .ipv6, high: high, low: low, port: port, scope: address.sin6_scope_id)
        default:
            return nil
        }
    }

    /// Writes the `sockaddr` to `pointer` (`socketAddressByteCapacity` bytes) and returns its length.
    func writeSocketAddress(to pointer: UnsafeMutableRawPointer) -> Int {
        switch self.family {
        case .ipv4:
            let address = sockaddr_in(self)
            unsafe pointer.storeBytes(of: address, as: sockaddr_in.self)
            return MemoryLayout<sockaddr_in>.size
        case .ipv6:
            let address = sockaddr_in6(self)
            unsafe pointer.storeBytes(of: address, as: sockaddr_in6.self)
            return MemoryLayout<sockaddr_in6>.size
        }
    }

    /// Calls `body` with the `sockaddr` and its length.
    package func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafeTemporaryAllocation(byteCount: Self.socketAddressByteCapacity, alignment: 8) { buffer in
            let pointer = unsafe buffer.baseAddress.unsafelyUnwrapped
            let byteCount = unsafe self.writeSocketAddress(to: pointer)
            return unsafe body(pointer.assumingMemoryBound(to: sockaddr.self), socklen_t(byteCount))
        }
    }

    /// Lets `body` fill in a `sockaddr` (as `getsockname` does) and reads it; `nil` if `body` returns an error or
    /// the address is of another family.
    static func reading(_ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) -> Self? {
        unsafe withUnsafeTemporaryAllocation(byteCount: Self.socketAddressByteCapacity, alignment: 8) { buffer in
            let pointer = unsafe buffer.baseAddress.unsafelyUnwrapped
            var byteCount = socklen_t(Self.socketAddressByteCapacity)
            let result = unsafe body(pointer.assumingMemoryBound(to: sockaddr.self), &byteCount)
            return unsafe result == 0 ? PeerAddress(socketAddress: pointer, byteCount: Int(byteCount)) : nil
        }
    }
}

extension sockaddr_in {
    fileprivate init(_ address: PeerAddress) {
        self.init()
        #if canImport(Darwin)
            self.sin_len = UInt8(MemoryLayout<sockaddr_in>.size)
        #endif
        self.sin_family = sa_family_t(AF_INET)
        self.sin_port = address.port.bigEndian
        self.sin_addr = in_addr(s_addr: UInt32(truncatingIfNeeded: address.high).bigEndian)
    }
}

extension sockaddr_in6 {
    fileprivate init(_ address: PeerAddress) {
        self.init()
        #if canImport(Darwin)
            self.sin6_len = UInt8(MemoryLayout<sockaddr_in6>.size)
        #endif
        self.sin6_family = sa_family_t(AF_INET6)
        self.sin6_port = address.port.bigEndian
        self.sin6_addr = in6_addr(high: address.high, low: address.low)
        self.sin6_scope_id = address.scope
    }
}

extension in6_addr {
    /// The address from two big-endian numbers.
    init(high: UInt64, low: UInt64) {
        self.init()
        unsafe withUnsafeMutableBytes(of: &self) { bytes in
            unsafe bytes.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
    }

    /// The address as two big-endian numbers.
    var halves: (high: UInt64, low: UInt64) {
        unsafe withUnsafeBytes(of: self) { bytes in
            let high = unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
            let low = unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            return (high, low)
        }
    }
}
