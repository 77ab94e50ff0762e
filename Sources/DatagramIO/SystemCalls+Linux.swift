#if os(Linux)
    import CDatagramSyscalls
    import FakeTCP
    import PacketPrimitives

    #if canImport(Musl)
        import Musl
    #else
        import Glibc
    #endif

    extension SystemCalls {
        static var hasBatching: Bool { true }
        /// Linux reports a buffer as twice of what was set, as its bookkeeping takes about half.
        static var bufferBookkeepingFactor: Int { 2 }

        /// A new UDP socket, or minus the error number.
        static func openDatagramSocket(_ family: PeerAddress.Family) -> Int32 {
            self.openSocket(family, SOCK_DGRAM.rawValue, Int32(IPPROTO_UDP))
        }

        /// A new raw socket for TCP segments, or minus the error number.
        static func openSegmentSocket(_ family: PeerAddress.Family) -> Int32 {
            self.openSocket(family, SOCK_RAW.rawValue, Int32(IPPROTO_TCP))
        }

        @inline(never)
        private static func openSocket(
            _ family: PeerAddress.Family, _ type: UInt32, _ protocolNumber: Int32
        ) -> Int32 {
            let type = type | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
            let descriptor = socket(family == .ipv4 ? AF_INET : AF_INET6, Int32(type), protocolNumber)
            return descriptor >= 0 ? descriptor : -errno
        }

        /// Has the kernel run `filter` on what arrives, in place of an earlier one. 0, or the error number.
        static func attach(_ filter: FilterProgram, to descriptor: Int32, _ scope: FilterScope = .socket) -> Int32 {
            unsafe filter.instructions.withUnsafeBytes { bytes in
                var program = unsafe datagram_filter_program(
                    count: UInt16(filter.instructions.count), instructions: bytes.baseAddress)
                let byteCount = unsafe socklen_t(MemoryLayout<datagram_filter_program>.size)
                let option =
                    switch scope {
                    case .socket: Int32(DATAGRAM_SO_ATTACH_FILTER)
                    case .allOfPort: Int32(DATAGRAM_SO_ATTACH_REUSEPORT_CBPF)
                    }
                return unsafe setsockopt(descriptor, SOL_SOCKET, option, &program, byteCount) == 0 ? 0 : errno
            }
        }

        /// How many of the messages have been sent, at least one, or minus the error number.
        @inline(never)
        static func sendMessages(
            _ descriptor: Int32, _ messages: UnsafeMutablePointer<datagram_message>, count: Int
        ) -> Int {
            let result = unsafe datagram_sendmmsg(descriptor, messages, UInt32(count), 0)
            return result >= 0 ? Int(result) : -Int(errno)
        }

        /// How many messages have been received, or minus the error number.
        @inline(never)
        static func receiveMessages(
            _ descriptor: Int32, _ messages: UnsafeMutablePointer<datagram_message>, count: Int
        ) -> Int {
            let result = unsafe datagram_recvmmsg(descriptor, messages, UInt32(count), 0)
            return result >= 0 ? Int(result) : -Int(errno)
        }
    }
#endif
