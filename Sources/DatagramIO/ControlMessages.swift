import CDatagramSyscalls
import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Writes control messages one behind the other into memory of the caller, which must be large enough.
@safe
struct ControlMessageWriter {
    /// Enough for a source address and a segment size.
    static let byteCapacity = 64

    private let start: UnsafeMutableRawPointer
    /// How many bytes have been written.
    private(set) var byteCount = 0

    init(start: UnsafeMutableRawPointer) { unsafe self.start = unsafe start }

    mutating func append<Payload>(level: Int, type: Int, _ payload: Payload) {
        var header = cmsghdr()
        header.cmsg_len = .init(datagram_control_length(MemoryLayout<Payload>.size))
        header.cmsg_level = Int32(level)
        header.cmsg_type = Int32(type)
        let target = unsafe self.start + self.byteCount
        unsafe target.storeBytes(of: header, as: cmsghdr.self)
        unsafe withUnsafeBytes(of: payload) { bytes in
            unsafe (target + datagram_control_length(0)).copyMemory(
                from: bytes.baseAddress.unsafelyUnwrapped, byteCount: bytes.count)
        }
        self.byteCount += datagram_control_space(MemoryLayout<Payload>.size)
    }

    /// The address that the datagram shall come from. `isMapped`: the socket is an IPv6 one.
    mutating func append(source: LocalAddress, isMapped: Bool) {
        guard source.family == .ipv6 || isMapped else {
            var information = in_pktinfo()
            information.ipi_spec_dst = in_addr(s_addr: UInt32(truncatingIfNeeded: source.high).bigEndian)
            return self.append(level: Int(IPPROTO_IP), type: Int(IP_PKTINFO), information)
        }
        let address = source.withPort(0).mapped
        let information = datagram_in6_pktinfo(
            address: in6_addr(high: address.high, low: address.low), interface_index: 0)
        self.append(level: Int(IPPROTO_IPV6), type: Int(DATAGRAM_IPV6_PKTINFO), information)
    }
}

/// What the control messages of a received message say.
struct ReceivedControl {
    /// The message is a train of datagrams of this length, the last may be shorter.
    var segmentByteCount: Int?
    /// The address the message was sent to.
    var destination: LocalAddress?
    /// How many messages the socket has lost so far, modulo 2³².
    var droppedCount: UInt32?

    init(_ message: UnsafePointer<msghdr>) {
        var next = unsafe datagram_first_control(message)
        while let control = unsafe next {
            let data = unsafe UnsafeRawPointer(datagram_control_data(control))
            if let data = unsafe data {
                unsafe self.take(level: control.pointee.cmsg_level, type: control.pointee.cmsg_type, data)
            }
            unsafe next = unsafe datagram_next_control(message, control)
        }
    }

    private mutating func take(level: Int32, type: Int32, _ data: UnsafeRawPointer) {
        switch (Int(level), Int(type)) {
        case (Int(IPPROTO_IP), Int(IP_PKTINFO)):
            // The address to answer from: the one the packet was sent to, unless that was a broadcast.
            let address = unsafe data.loadUnaligned(as: in_pktinfo.self).ipi_spec_dst
            self.destination = LocalAddress(.ipv4(UInt32(bigEndian: address.s_addr), port: 0))
        case (Int(IPPROTO_IPV6), Int(DATAGRAM_IPV6_PKTINFO)):
            let (high, low) = unsafe data.loadUnaligned(as: datagram_in6_pktinfo.self).address.halves
            self.destination = LocalAddress(PeerAddress(family: .ipv6, high: high, low: low, port: 0))
        default:
            unsafe self.takePlatformSpecific(level: Int(level), type: Int(type), data)
        }
    }
}
