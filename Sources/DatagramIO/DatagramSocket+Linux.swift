#if os(Linux)
    import CDatagramSyscalls
    import PacketPrimitives

    #if canImport(Musl)
        import Musl
    #else
        import Glibc
    #endif

    extension DatagramSocket {
        static var hasBatching: Bool { true }
        /// Linux reports a buffer as twice of what was set, as its bookkeeping takes about half.
        static var bufferBookkeepingFactor: Int { 2 }

        /// A new socket, or minus the error number.
        @inline(never)
        static func openSocket(family: Int32) -> Int32 {
            let type = SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
            let descriptor = socket(family, Int32(type), Int32(IPPROTO_UDP))
            return descriptor >= 0 ? descriptor : -errno
        }

        /// A privileged process may pass the system's bound.
        func requestBuffer(_ direction: BufferShortfall.Direction, byteCount: Int32) {
            let forced = direction == .send ? SO_SNDBUFFORCE : SO_RCVBUFFORCE
            guard self.setOption(level: SOL_SOCKET, option: forced, byteCount) != 0 else { return }
            let ordinary = direction == .send ? SO_SNDBUF : SO_RCVBUF
            _ = self.setOption(level: SOL_SOCKET, option: ordinary, byteCount)
        }

        func setOffloads(_ policy: OffloadPolicy) {
            self.attempt("SO_RXQ_OVFL", level: SOL_SOCKET, option: Int32(DATAGRAM_SO_RXQ_OVFL), 1)
            let level = Int32(DATAGRAM_SOL_UDP)
            if policy.allowsSegmentation {
                let isKnown = self.option(level: level, option: Int32(DATAGRAM_UDP_SEGMENT)) != nil
                self.statistics.isSegmentationActive = isKnown
            }
            if policy.allowsCoalescing {
                let error = self.setOption(level: level, option: Int32(DATAGRAM_UDP_GRO), 1)
                self.statistics.isCoalescingActive = error == 0
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

    extension ControlMessageWriter {
        /// The length at which the kernel cuts the message.
        mutating func append(segmentByteCount: Int) {
            let value = UInt16(clamping: segmentByteCount)
            self.append(level: Int(DATAGRAM_SOL_UDP), type: Int(DATAGRAM_UDP_SEGMENT), value)
        }
    }

    extension ReceivedControl {
        mutating func takePlatformSpecific(level: Int, type: Int, _ data: UnsafeRawPointer) {
            switch (level, type) {
            case (Int(DATAGRAM_SOL_UDP), Int(DATAGRAM_UDP_GRO)):
                self.segmentByteCount = Int(unsafe data.loadUnaligned(as: Int32.self))
            case (Int(SOL_SOCKET), Int(DATAGRAM_SO_RXQ_OVFL)):
                self.queueOverflowCount = unsafe data.loadUnaligned(as: UInt32.self)
            default:
                break
            }
        }
    }
#endif
