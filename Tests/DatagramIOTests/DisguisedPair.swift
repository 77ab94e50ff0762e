#if os(Linux)
    import DatagramIO
    import FakeTCP
    import Glibc
    import PacketPrimitives

    /// A stream socket of the kernel.
    final class KernelSocket {
        let descriptor: Int32

        /// `isPrepared`: as our programs have it.
        init(_ family: PeerAddress.Family, isPrepared: Bool = true) throws {
            self.descriptor = socket(family == .ipv4 ? AF_INET : AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
            if isPrepared { try MutedConnection.prepare(self.descriptor) }
        }

        init(accepting listener: KernelSocket) throws {
            self.descriptor = accept(listener.descriptor, nil, nil)
            guard self.descriptor >= 0 else { throw SystemError(call: "accept", number: errno) }
        }

        deinit { self.close() }

        private var isOpen = true

        func close() {
            if self.isOpen { _ = Glibc.close(self.descriptor) }
            self.isOpen = false
        }

        func listen(at address: PeerAddress) throws -> PeerAddress {
            let result = address.withSocketAddress { bind(self.descriptor, $0, $1) }
            guard result == 0, Glibc.listen(self.descriptor, 64) == 0 else {
                throw SystemError(call: "listen", number: errno)
            }
            return self.localAddress
        }

        func connect(to address: PeerAddress) throws {
            let result = address.withSocketAddress { Glibc.connect(self.descriptor, $0, $1) }
            guard result == 0 else { throw SystemError(call: "connect", number: errno) }
        }

        var localAddress: PeerAddress {
            var storage = sockaddr_storage()
            var byteCount = socklen_t(MemoryLayout<sockaddr_storage>.size)
            return withUnsafeMutableBytes(of: &storage) { bytes in
                _ = getsockname(
                    self.descriptor, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), &byteCount)
                return PeerAddress(socketAddress: bytes.baseAddress!, byteCount: Int(byteCount))!
            }
        }
    }

    /// A client of a disguised port, with the connection that it hides behind.
    final class DisguisedClient {
        let connection: KernelSocket
        let socket: FakeTCPSocket

        init(to server: PeerAddress, options: DatagramSocketOptions = .init()) throws {
            self.socket = try FakeTCPSocket.expectConnection(to: server, options: options)
            self.connection = try KernelSocket(server.family)
            try self.connection.connect(to: server)
            try MutedConnection.seal(self.connection.descriptor)
            try self.socket.takeConnection(from: self.connection.localAddress)
        }

        deinit { self.socket.close() }
    }

    /// A disguised port on the loopback interface and a client of it.
    final class DisguisedPair {
        let listener: KernelSocket
        let server: FakeTCPSocket
        let client: DisguisedClient

        init(_ family: PeerAddress.Family = .ipv4, options: DatagramSocketOptions = .roomy) throws {
            self.listener = try KernelSocket(family)
            let address = try self.listener.listen(at: .loopback(family))
            self.server = try FakeTCPSocket.serve(address, options: options)
            self.client = try DisguisedClient(to: address, options: options)
        }

        deinit { self.server.close() }

        /// Has the server hear of the client, so that it can answer.
        func introduce() -> Arrivals {
            _ = self.client.socket.sendAll(Burst(lengths: [20]))
            return self.server.receive(count: 1)
        }
    }

    extension DatagramSocketOptions {
        /// With room for a few bursts.
        static let roomy = DatagramSocketOptions(sendBufferByteCount: 1 << 20, receiveBufferByteCount: 4 << 20)
    }

    extension FakeTCPSocket {
        /// Whether this process may open raw sockets.
        static let isPermitted = (try? FakeTCPSocket.checkPrivilege()) != nil
    }

    /// Sees all TCP segments that arrive at this machine, and can send any.
    final class WireTap {
        let descriptor: Int32
        private let family: PeerAddress.Family

        init(_ family: PeerAddress.Family) {
            self.family = family
            let type = Int32(SOCK_RAW.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            self.descriptor = socket(family == .ipv4 ? AF_INET : AF_INET6, type, Int32(IPPROTO_TCP))
            // Other tests send through the same interface meanwhile.
            var byteCount: Int32 = 64 << 20
            setsockopt(self.descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &byteCount, socklen_t(MemoryLayout<Int32>.size))
        }

        deinit { close(self.descriptor) }

        /// The segments to or from `port` that have arrived since the last call, without IP headers.
        func segments(of port: UInt16) -> [(header: SegmentHeader, byteCount: Int)] {
            var result: [(header: SegmentHeader, byteCount: Int)] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let byteCount = recv(self.descriptor, &buffer, buffer.count, 0)
                guard byteCount > 0 else { return result }
                let packet = Array(buffer.prefix(byteCount))
                let start = self.family == .ipv4 ? IPv4Header(packet.span.bytes)?.byteCount ?? 0 : 0
                let segment = Array(packet.dropFirst(start))
                guard let header = SegmentHeader(segment.span.bytes) else { continue }
                if [header.sourcePort, header.destinationPort].contains(port) { result.append((header, byteCount)) }
            }
        }

        func send(_ segment: [UInt8], to address: PeerAddress) {
            var address = address
            address.port = 0
            _ = address.withSocketAddress { sendto(self.descriptor, segment, segment.count, 0, $0, $1) }
        }
    }
#endif
