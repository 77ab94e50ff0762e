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

        fileprivate static func with(
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

    /// Sends UDP datagrams from any port of 127.0.0.1, whoever has it.
    final class ForgedPort {
        private let descriptor: Int32

        init() throws {
            self.descriptor = socket(AF_INET, Int32(SOCK_RAW.rawValue), Int32(IPPROTO_UDP))
            try check(self.descriptor >= 0, "socket: \(String(cString: strerror(errno)))")
        }

        deinit { close(self.descriptor) }

        /// Whether this process may open raw sockets.
        static var isPermitted: Bool { (try? ForgedPort()) != nil }

        func send(_ bytes: [UInt8], from source: UInt16, to destination: UInt16) {
            // No checksum: it need not be there.
            let header = [source, destination, UInt16(8 + bytes.count), 0]
            let datagram = header.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } + bytes
            _ = ForgedSource.with(0x7F00_0001, 0) {
                Int32(sendto(self.descriptor, datagram, datagram.count, Int32(MSG_DONTWAIT), $0, $1))
            }
        }
    }
#endif
