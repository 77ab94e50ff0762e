/// An IP address and UDP port. A plain value, so that session tables can be keyed by it without allocation.
package struct PeerAddress: Hashable, Sendable {
    package enum Family: UInt8, Sendable { case ipv4, ipv6 }

    package var family: Family
    /// Host byte order.
    package var port: UInt16
    /// IPv6 scope (interface index); 0 for IPv4 and global addresses.
    package var scope: UInt32
    /// The address in network order, first 8 bytes as a big-endian number; for IPv4 the 4 bytes, in the low half.
    package var high: UInt64
    /// The second 8 bytes of an IPv6 address; 0 for IPv4.
    package var low: UInt64

    package init(family: Family, high: UInt64, low: UInt64, port: UInt16, scope: UInt32 = 0) {
        self.family = family
        self.high = high
        self.low = low
        self.port = port
        self.scope = scope
    }

    /// 127.0.0.1 and the like: `address` as a host-order number.
    package static func ipv4(_ address: UInt32, port: UInt16) -> PeerAddress {
        PeerAddress(family: .ipv4, high: UInt64(address), low: 0, port: port)
    }

    /// An IPv4 address that an IPv6 socket reports as ::ffff:a.b.c.d, as the IPv4 address that it is.
    package var unmapped: PeerAddress {
        guard self.family == .ipv6, self.high == 0, self.low >> 32 == 0xFFFF else { return self }
        return .ipv4(UInt32(truncatingIfNeeded: self.low), port: self.port)
    }
}

extension PeerAddress: CustomStringConvertible {
    /// `127.0.0.1:29900` or `[::1]:29900`, as Go prints it.
    package var description: String {
        switch self.family {
        case .ipv4: "\(self.host):\(self.port)"
        case .ipv6: "[\(self.host)]:\(self.port)"
        }
    }

    /// The address without the port.
    package var host: String {
        switch self.family {
        case .ipv4:
            return [24, 16, 8, 0].map { String((self.high >> $0) & 0xFF) }.joined(separator: ".")
        case .ipv6:
            let text = Self.text(groups: self.groups)
            return self.scope == 0 ? text : "\(text)%\(self.scope)"
        }
    }

    private var groups: [UInt16] {
        [self.high, self.low].flatMap { half in
            [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> $0) }
        }
    }

    /// RFC 5952: the longest run of two or more zero groups becomes `::`.
    private static func text(groups: [UInt16]) -> String {
        var best = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > best.count { best = start..<end }
            start = max(end, start + 1)
        }
        let hex = groups.map { String($0, radix: 16) }
        guard best.count >= 2 else { return hex.joined(separator: ":") }
        return hex[..<best.lowerBound].joined(separator: ":") + "::" + hex[best.upperBound...].joined(separator: ":")
    }
}
