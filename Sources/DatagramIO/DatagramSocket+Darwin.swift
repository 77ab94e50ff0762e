#if canImport(Darwin)
    import CDatagramSyscalls
    import Darwin
    import PacketPrimitives

    // No trains and no batches here: one call per datagram.

    extension DatagramSocket {
        static var hasBatching: Bool { false }
        static var bufferBookkeepingFactor: Int { 1 }

        /// A new socket, or minus the error number.
        @inline(never)
        static func openSocket(family: Int32) -> Int32 {
            let descriptor = socket(family, SOCK_DGRAM, IPPROTO_UDP)
            guard descriptor >= 0 else { return -errno }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            guard fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0 else {
                let error = errno
                _ = Darwin.close(descriptor)
                return -error
            }
            return descriptor
        }

        /// Darwin refuses what is too much instead of giving what it can: ask for less until it agrees.
        func requestBuffer(_ direction: BufferShortfall.Direction, byteCount: Int32) {
            let option = direction == .send ? SO_SNDBUF : SO_RCVBUF
            let current = self.option(level: SOL_SOCKET, option: option) ?? 0
            var byteCount = byteCount
            while self.setOption(level: SOL_SOCKET, option: option, byteCount) != 0, byteCount / 2 > current {
                byteCount /= 2
            }
        }

        func setOffloads(_ policy: OffloadPolicy) {}

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

    extension ControlMessageWriter {
        mutating func append(segmentByteCount: Int) { preconditionFailure("Darwin does not cut messages") }
    }

    extension ReceivedControl {
        mutating func takePlatformSpecific(level: Int, type: Int, _ data: UnsafeRawPointer) {}
    }
#endif
