#if canImport(Darwin)
    import CDatagramSyscalls
    import Darwin
    import FakeTCP
    import PacketPrimitives

    // No batches, no raw TCP and no packet filters here.

    extension SystemCalls {
        static var hasBatching: Bool { false }
        static var bufferBookkeepingFactor: Int { 1 }

        /// A new UDP socket, or minus the error number.
        @inline(never)
        static func openDatagramSocket(_ family: PeerAddress.Family) -> Int32 {
            let descriptor = socket(family == .ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM, IPPROTO_UDP)
            guard descriptor >= 0 else { return -errno }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            guard fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0 else {
                let error = errno
                self.close(descriptor)
                return -error
            }
            return descriptor
        }

        static func openSegmentSocket(_ family: PeerAddress.Family) -> Int32 { -ENOTSUP }

        static func attach(_ filter: FilterProgram, to descriptor: Int32, _ scope: FilterScope = .socket) -> Int32 {
            ENOTSUP
        }

        static func sendMessages(
            _ descriptor: Int32, _ messages: UnsafeMutablePointer<datagram_message>, count: Int
        ) -> Int {
            unsafe self.sendOneMessage(descriptor, messages)
        }

        static func receiveMessages(
            _ descriptor: Int32, _ messages: UnsafeMutablePointer<datagram_message>, count: Int
        ) -> Int {
            unsafe self.receiveOneMessage(descriptor, messages)
        }
    }
#endif
