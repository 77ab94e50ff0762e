import CDatagramSyscalls
import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension BatchedSocket {
    /// The options about buffers and the datagrams themselves. None of them is worth failing for.
    func setTrafficOptions(_ options: DatagramSocketOptions) {
        self.granted.sendBufferByteCount = self.setBuffer(.send, to: options.sendBufferByteCount)
        self.granted.receiveBufferByteCount = self.setBuffer(.receive, to: options.receiveBufferByteCount)
        if options.dscp != 0 { self.setTrafficClass(dscp: options.dscp) }
        self.askForDestination()
        self.statistics.isBatchingActive = SystemCalls.hasBatching && options.offload.allowsBatching
        self.askForOverflowCount()
    }

    /// The code point is the upper six bits of the field, the lower two belong to ECN. The original shifts it for IPv4
    /// but not for IPv6 (protocol 03 §8), which marks something else than was asked for; here it is right for both.
    private func setTrafficClass(dscp: Int) {
        let value = Int32(dscp << 2)
        self.attempt("IP_TOS", level: Int32(IPPROTO_IP), option: Int32(IP_TOS), value)
        guard self.family == .ipv6 else { return }
        self.attempt("IPV6_TCLASS", level: Int32(IPPROTO_IPV6), option: Int32(IPV6_TCLASS), value)
    }

    /// Has every message say which address it was sent to.
    private func askForDestination() {
        switch self.family {
        case .ipv4: self.attempt("IP_PKTINFO", level: Int32(IPPROTO_IP), option: Int32(IP_PKTINFO), 1)
        case .ipv6:
            let option = Int32(DATAGRAM_IPV6_RECVPKTINFO)
            self.attempt("IPV6_RECVPKTINFO", level: Int32(IPPROTO_IPV6), option: option, 1)
        }
    }

    /// Sets the size of a buffer and returns what it is then.
    private func setBuffer(_ direction: BufferShortfall.Direction, to requested: Int?) -> Int {
        if let requested { self.requestBuffer(direction, byteCount: Int32(clamping: requested)) }
        let option = direction == .send ? SO_SNDBUF : SO_RCVBUF
        let granted = Int(self.option(level: SOL_SOCKET, option: option) ?? 0) / SystemCalls.bufferBookkeepingFactor
        if let requested, granted < requested {
            self.granted.bufferShortfalls.append(
                BufferShortfall(direction: direction, requestedByteCount: requested, grantedByteCount: granted))
        }
        return granted
    }

    // MARK: Single options

    func require(_ name: String, level: Int32, option: Int32, _ value: Int32) throws(SystemError) {
        let error = self.setOption(level: level, option: option, value)
        guard error == 0 else { throw SystemError(call: name, number: error) }
    }

    func attempt(_ name: String, level: Int32, option: Int32, _ value: Int32) {
        let error = self.setOption(level: level, option: option, value)
        if error != 0 { self.granted.refusedOptions.append(SystemError(call: name, number: error)) }
    }

    /// `setsockopt`; returns the error number or 0.
    @inline(never)
    func setOption(level: Int32, option: Int32, _ value: Int32) -> Int32 {
        var value = value
        let byteCount = socklen_t(MemoryLayout<Int32>.size)
        return unsafe setsockopt(self.descriptor, level, option, &value, byteCount) == 0 ? 0 : errno
    }

    /// `getsockopt`; `nil` if the kernel does not know the option.
    func option(level: Int32, option: Int32) -> Int32? {
        var value: Int32 = 0
        var byteCount = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(self.descriptor, level, option, &value, &byteCount) == 0 ? value : nil
    }
}
