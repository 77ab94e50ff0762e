import CDatagramSyscalls
import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The system calls of sockets. They return the error number instead of setting `errno`.
enum SystemCalls {
    /// What a filter decides about.
    enum FilterScope {
        /// Which packets this socket gets to see.
        case socket
        /// Which of the sockets that share its port gets a packet.
        case allOfPort
    }

    /// 0, or the error number.
    @inline(never)
    static func bind(_ descriptor: Int32, _ address: PeerAddress) -> Int32 {
        unsafe address.withSocketAddress { unsafe bindCall(descriptor, $0, $1) }
    }

    /// 0, or the error number.
    @inline(never)
    static func connect(_ descriptor: Int32, _ address: PeerAddress) -> Int32 {
        unsafe address.withSocketAddress { unsafe connectCall(descriptor, $0, $1) }
    }

    static func close(_ descriptor: Int32) { closeCall(descriptor) }

    /// The address that a socket is bound to.
    static func localAddress(_ descriptor: Int32) -> PeerAddress? {
        unsafe PeerAddress.reading { unsafe getsockname(descriptor, $0, $1) }
    }

    /// Reads one message; how many bytes of it are in `buffer`, or minus the error number, and who sent it.
    static func receivePacket(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer
    ) -> (byteCount: Int, source: PeerAddress?) {
        var byteCount = 0
        let source = unsafe PeerAddress.reading { name, nameByteCount in
            byteCount = unsafe recvfrom(descriptor, buffer.baseAddress, buffer.count, 0, name, nameByteCount)
            return byteCount < 0 ? -1 : 0
        }
        return (byteCount < 0 ? -Int(errno) : byteCount, source)
    }

    /// 1, or minus the error number.
    @inline(never)
    static func sendOneMessage(_ descriptor: Int32, _ message: UnsafeMutablePointer<datagram_message>) -> Int {
        let header = unsafe UnsafeRawPointer(message).assumingMemoryBound(to: msghdr.self)
        return unsafe sendmsg(descriptor, header, 0) >= 0 ? 1 : -Int(errno)
    }

    /// 1, or minus the error number.
    @inline(never)
    static func receiveOneMessage(_ descriptor: Int32, _ message: UnsafeMutablePointer<datagram_message>) -> Int {
        let byteCount = unsafe recvmsg(descriptor, &message.pointee.header, 0)
        guard byteCount >= 0 else { return -Int(errno) }
        unsafe message.pointee.byte_count = UInt32(byteCount)
        return 1
    }
}

// By their own names, which the methods above would hide.

private func bindCall(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ byteCount: socklen_t) -> Int32 {
    unsafe bind(descriptor, address, byteCount) == 0 ? 0 : errno
}

private func connectCall(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ byteCount: socklen_t) -> Int32 {
    unsafe connect(descriptor, address, byteCount) == 0 ? 0 : errno
}

private func closeCall(_ descriptor: Int32) { _ = close(descriptor) }
