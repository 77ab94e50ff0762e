#if os(Linux)
    import Foundation

    /// Sends datagrams from any address of 127.0.0.0/8.
    final class ForgedSource: @unchecked Sendable {
        private let descriptor: Int32

        /// - Parameter address: below 127.0.0.0/8; host byte order.
        init(address: UInt32 = 0x7F00_0001, to port: UInt16) throws {
            self.descriptor = socket(AF_INET, SocketType.datagram, 0)
            try check(self.descriptor >= 0, "socket: \(String(cString: strerror(errno)))")
            let isBound = Self.with(address, 0) { bind(self.descriptor, $0, $1) } == 0
            let isConnected = Self.with(0x7F00_0001, port) { connect(self.descriptor, $0, $1) } == 0
            try check(isBound && isConnected, "bind: \(String(cString: strerror(errno)))")
        }

        deinit { close(self.descriptor) }

        /// Whether the kernel took it.
        @discardableResult
        func send(_ bytes: [UInt8]) -> Bool {
            Glibc.send(self.descriptor, bytes, bytes.count, Int32(MSG_DONTWAIT)) == bytes.count
        }

        /// What is waiting, in bytes.
        func receivedByteCount() -> Int {
            var buffer = [UInt8](repeating: 0, count: 2048)
            var total = 0
            while true {
                let count = recv(self.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                if count <= 0 { return total }
                total += count
            }
        }

        private static func with(
            _ address: UInt32, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
        ) -> Int32 {
            var storage = sockaddr_in()
            storage.sin_family = sa_family_t(AF_INET)
            storage.sin_port = port.bigEndian
            storage.sin_addr.s_addr = address.bigEndian
            let byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
            return withUnsafePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, byteCount) }
            }
        }
    }
#endif
