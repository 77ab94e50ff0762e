#if os(Linux)
    import Foundation
    import TestSupport
    import Testing

    /// What routers and firewalls on the way, or whoever pretends to be one, tell a client about its datagrams.
    @Suite(
        .enabled(if: Program.oursIsReal, "these are promises of our programs only"),
        .enabled(if: ICMPSender.isPermitted, "raw sockets cannot be opened here (this needs root)"))
    struct NetworkErrorTests {
        /// Not the address that other tests use: the kernel remembers for it what is said about the path's MTU.
        private static let host = (text: "127.0.0.77", bytes: [127, 0, 0, 77] as [UInt8])

        /// On a connected socket NIO would end the process for most of them.
        @Test(arguments: ICMPSender.Message.allCases)
        func `a stream goes on whatever routers say about its datagrams`(_ message: ICMPSender.Message) async throws {
            let echo = try StreamListener(at: .ipv4(FreePort.take()), handle: EchoConnection.serve)
            defer { echo.stop() }
            try await withTunnel(
                .oursAtBothEnds, Tunnel.Flags(both: ["-crypt", "aes"]), target: "\(echo.address)", host: Self.host.text
            ) { tunnel, client in
                let connection = try EchoConnection(client)
                try connection.exchange(seconds: 30)
                let localPort = try client.sessionPort()
                let sender = try ICMPSender()
                for _ in 0..<3 {
                    try sender.send(message, about: localPort, to: Self.host.bytes, tunnel.serverPort)
                    try connection.exchange(seconds: 30)
                }
                let log = tunnel.server.standardError
                try check(log.components(separatedBy: "remote address: ").count == 2, "another session was made")
            }
        }
    }

    /// Sends ICMP messages about UDP datagrams of this machine, to 127.0.0.1.
    final class ICMPSender {
        /// Destinations that cannot be reached, by the code that says why.
        enum Message: UInt8, CaseIterable, Sendable {
            case hostUnreachable = 1
            case protocolUnreachable = 2
            case portUnreachable = 3
            case fragmentationNeeded = 4
            case hostProhibited = 10
            case filtered = 13
        }

        private let descriptor: Int32

        init() throws {
            self.descriptor = socket(AF_INET, Int32(SOCK_RAW.rawValue), Int32(IPPROTO_ICMP))
            try check(self.descriptor >= 0, "socket: \(String(cString: strerror(errno)))")
        }

        deinit { close(self.descriptor) }

        /// Whether this process may open raw sockets.
        static var isPermitted: Bool { (try? ICMPSender()) != nil }

        /// - Parameter localPort: of 127.0.0.1, from where the datagram has come that the message is about.
        func send(_ message: Message, about localPort: UInt16, to host: [UInt8], _ port: UInt16) throws {
            let bytes = Self.bytes(message, localPort, host, port)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let sent = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(self.descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try check(sent == bytes.count, "sendto: \(String(cString: strerror(errno)))")
        }

        private static func bytes(_ message: Message, _ localPort: UInt16, _ host: [UInt8], _ port: UInt16) -> [UInt8] {
            func pair(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
            let mtu: [UInt8] = message == .fragmentationNeeded ? pair(1300) : [0, 0]
            var bytes: [UInt8] = [3, message.rawValue, 0, 0, 0, 0] + mtu
            // The datagram: its IP header, and the first eight bytes behind it.
            bytes += [0x45, 0] + pair(1400) + [0, 0, 0x40, 0, 64, UInt8(IPPROTO_UDP), 0, 0, 127, 0, 0, 1] + host
            bytes += pair(localPort) + pair(port) + pair(1380) + [0, 0]
            let sum = stride(from: 0, to: bytes.count, by: 2).reduce(UInt32(0)) { sum, index in
                sum + UInt32(bytes[index]) << 8 + UInt32(bytes[index + 1])
            }
            let checksum = ~UInt16(truncatingIfNeeded: (sum >> 16) + (sum & 0xFFFF))
            bytes.replaceSubrange(2..<4, with: pair(checksum))
            return bytes
        }
    }
#endif
