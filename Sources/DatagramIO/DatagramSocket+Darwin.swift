#if canImport(Darwin)
    import CDatagramSyscalls
    import Darwin
    import PacketPrimitives

    // No trains here: one call per datagram.

    extension BatchedSocket {
        /// Darwin refuses what is too much instead of giving what it can: ask for less until it agrees.
        func requestBuffer(_ direction: BufferShortfall.Direction, byteCount: Int32) {
            let option = direction == .send ? SO_SNDBUF : SO_RCVBUF
            let current = self.option(level: SOL_SOCKET, option: option) ?? 0
            var byteCount = byteCount
            while self.setOption(level: SOL_SOCKET, option: option, byteCount) != 0, byteCount / 2 > current {
                byteCount /= 2
            }
        }

        func askForOverflowCount() {}
    }

    extension DatagramSocket {
        func setOffloads(_ policy: OffloadPolicy) {}

        /// They may be cut by default.
        func allowFragmentation() {}
    }

    extension ControlMessageWriter {
        mutating func append(segmentByteCount: Int) { preconditionFailure("Darwin does not cut messages") }
    }

    extension ReceivedControl {
        mutating func takePlatformSpecific(level: Int, type: Int, _ data: UnsafeRawPointer) {}
    }
#endif
