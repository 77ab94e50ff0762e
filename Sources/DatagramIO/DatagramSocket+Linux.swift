#if os(Linux)
    import CDatagramSyscalls
    import PacketPrimitives

    #if canImport(Musl)
        import Musl
    #else
        import Glibc
    #endif

    extension BatchedSocket {
        /// A privileged process may pass the system's bound.
        func requestBuffer(_ direction: BufferShortfall.Direction, byteCount: Int32) {
            let forced = direction == .send ? SO_SNDBUFFORCE : SO_RCVBUFFORCE
            guard self.setOption(level: SOL_SOCKET, option: forced, byteCount) != 0 else { return }
            let ordinary = direction == .send ? SO_SNDBUF : SO_RCVBUF
            _ = self.setOption(level: SOL_SOCKET, option: ordinary, byteCount)
        }

        /// Has messages say how many were lost before them.
        func askForOverflowCount() {
            self.attempt("SO_RXQ_OVFL", level: SOL_SOCKET, option: Int32(DATAGRAM_SO_RXQ_OVFL), 1)
        }
    }

    extension DatagramSocket {
        func setOffloads(_ policy: OffloadPolicy) {
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
    }

    extension DatagramSocket {
        /// Has routers cut datagrams that are too long for a link on the way. By default they drop them and say so,
        /// which is a fatal error to NIO on a connected socket, and nothing gets through where they must not say so.
        /// Where the path's MTU is known the kernel cuts them here in both cases.
        func allowFragmentation() {
            self.attempt(
                "IP_MTU_DISCOVER", level: Int32(IPPROTO_IP), option: IP_MTU_DISCOVER, IP_PMTUDISC_DONT)
            guard self.family == .ipv6 else { return }
            self.attempt(
                "IPV6_MTU_DISCOVER", level: Int32(IPPROTO_IPV6), option: IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT)
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
                self.droppedCount = unsafe data.loadUnaligned(as: UInt32.self)
            default:
                break
            }
        }
    }
#endif
