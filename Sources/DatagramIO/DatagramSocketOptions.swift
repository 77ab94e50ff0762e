package import FakeTCP

/// Which of the kernel's ways to move many datagrams in one call may be used. What the kernel lacks is found out and
/// left off in any case; turning one off is for tests and for kernels that have it and get it wrong.
package struct OffloadPolicy: Hashable, Sendable {
    /// One message carries a train of datagrams of equal length, which the kernel or the device cuts (UDP_SEGMENT, GSO).
    package var allowsSegmentation: Bool
    /// Datagrams of one sender are handed over as one train (UDP_GRO).
    package var allowsCoalescing: Bool
    /// Several messages go through one call (`sendmmsg`, `recvmmsg`).
    package var allowsBatching: Bool

    package init(allowsSegmentation: Bool = true, allowsCoalescing: Bool = true, allowsBatching: Bool = true) {
        self.allowsSegmentation = allowsSegmentation
        self.allowsCoalescing = allowsCoalescing
        self.allowsBatching = allowsBatching
    }

    /// Everything that the kernel has.
    package static let probe = OffloadPolicy()
    /// One call per datagram.
    package static let plain = OffloadPolicy(
        allowsSegmentation: false, allowsCoalescing: false, allowsBatching: false)
}

/// How many sockets have a port together, and who gets what. Where the kernel knows no programs for it (Linux 4.5) it
/// divides by flow.
package struct PortSharing: Hashable, Sendable {
    package var socketCount: Int
    package var division: FlowDivision

    package init(socketCount: Int, _ division: FlowDivision) {
        self.socketCount = socketCount
        self.division = division
    }
}

/// What a datagram socket is opened with.
package struct DatagramSocketOptions: Hashable, Sendable {
    /// SO_SNDBUF and SO_RCVBUF, bytes of payload as the operator means them (Linux doubles the figure for its own
    /// bookkeeping). `nil`: the system's default.
    package var sendBufferByteCount: Int?
    package var receiveBufferByteCount: Int?
    /// Differentiated services code point, 0 … 63. 0: the field is left alone.
    package var dscp: Int
    /// SO_REUSEPORT: several sockets on one port, between which the kernel divides what arrives. `nil`: it is the only one.
    package var sharing: PortSharing?
    /// SO_REUSEADDR.
    package var reuseAddress: Bool
    package var offload: OffloadPolicy

    package init(
        sendBufferByteCount: Int? = nil, receiveBufferByteCount: Int? = nil, dscp: Int = 0,
        sharing: PortSharing? = nil, reuseAddress: Bool = false, offload: OffloadPolicy = .probe
    ) {
        precondition((0...63).contains(dscp), "a DSCP has six bits")
        self.sendBufferByteCount = sendBufferByteCount
        self.receiveBufferByteCount = receiveBufferByteCount
        self.dscp = dscp
        self.sharing = sharing
        self.reuseAddress = reuseAddress
        self.offload = offload
    }
}
