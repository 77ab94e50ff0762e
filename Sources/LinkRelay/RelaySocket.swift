import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What the operating system refused while a relay was being set up.
package struct RelayError: Error, CustomStringConvertible {
    /// The call that failed, for example `bind`.
    package let call: String
    /// Its `errno`.
    package let code: Int32

    @inline(never)
    init(call: String, code: Int32 = errno) {
        self.call = call
        self.code = code
    }

    package var description: String { "link relay: \(self.call): \(unsafe String(cString: strerror(self.code)))" }
}

/// A non-blocking UDP socket of 127.0.0.1.
final class RelaySocket {
    /// Enough for the datagrams that arrive while the relay's thread waits for a core.
    private static let bufferByteCount: Int32 = 4 << 20

    let descriptor: Int32

    /// A socket bound to 127.0.0.1:`port`; 0 lets the system choose.
    init(port: UInt16 = 0) throws(RelayError) {
        #if os(Linux)
            let type = Int32(SOCK_DGRAM.rawValue)
        #else
            let type = SOCK_DGRAM
        #endif
        self.descriptor = socket(AF_INET, type, 0)
        guard self.descriptor >= 0 else { throw RelayError(call: "socket") }
        _ = fcntl(self.descriptor, F_SETFL, O_NONBLOCK)
        _ = fcntl(self.descriptor, F_SETFD, FD_CLOEXEC)
        self.setOption(SO_RCVBUF, Self.bufferByteCount)
        self.setOption(SO_SNDBUF, Self.bufferByteCount)
        #if os(Linux)
            // The same without the system's limit, where the process may do that. 33: the name is not imported.
            self.setOption(33, Self.bufferByteCount)
        #endif
        var address = Self.loopback(port: port)
        let result = unsafe Self.withGenericPointer(to: &address) { unsafe bind(self.descriptor, $0, $1) }
        guard result == 0 else {
            let error = RelayError(call: "bind to 127.0.0.1:\(port)")
            close(self.descriptor)
            throw error
        }
    }

    deinit { close(self.descriptor) }

    /// From now on the socket talks to 127.0.0.1:`port` only.
    func connect(port: UInt16) throws(RelayError) {
        var address = Self.loopback(port: port)
        let result = unsafe Self.withGenericPointer(to: &address) { [descriptor] in
            #if canImport(Darwin)
                unsafe Darwin.connect(descriptor, $0, $1)
            #elseif canImport(Musl)
                unsafe Musl.connect(descriptor, $0, $1)
            #else
                unsafe Glibc.connect(descriptor, $0, $1)
            #endif
        }
        guard result == 0 else { throw RelayError(call: "connect to 127.0.0.1:\(port)") }
    }

    /// The port that the socket is bound to.
    var port: UInt16 {
        var address = sockaddr_in()
        var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe Self.withGenericPointer(to: &address) { pointer, _ in
            unsafe getsockname(self.descriptor, pointer, &byteCount)
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Takes the next datagram that has arrived, with its sender's port; `nil` if there is none.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> (byteCount: Int, senderPort: UInt16)? {
        var sender = sockaddr_in()
        var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
        while true {
            let received = unsafe Self.withGenericPointer(to: &sender) { pointer, _ in
                unsafe recvfrom(self.descriptor, buffer.baseAddress, buffer.count, 0, pointer, &byteCount)
            }
            if received >= 0 { return (received, UInt16(bigEndian: sender.sin_port)) }
            // A refusal belongs to an earlier datagram: its target is not up (yet).
            guard errno == ECONNREFUSED || errno == EINTR else { return nil }
        }
    }

    /// Sends one datagram: to `port`, or to the connected port. `false` if the system did not take it.
    func send(_ bytes: RawSpan, toPort port: UInt16? = nil) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer in
            for _ in 0..<2 {
                if unsafe self.send(buffer, toPort: port) { return true }
                guard errno == ECONNREFUSED || errno == EINTR else { return false }
            }
            return false
        }
    }

    private func send(_ buffer: UnsafeRawBufferPointer, toPort port: UInt16?) -> Bool {
        guard let port else {
            return unsafe sendto(self.descriptor, buffer.baseAddress, buffer.count, 0, nil, 0) >= 0
        }
        var address = Self.loopback(port: port)
        return unsafe Self.withGenericPointer(to: &address) {
            unsafe sendto(self.descriptor, buffer.baseAddress, buffer.count, 0, $0, $1) >= 0
        }
    }

    private func setOption(_ name: Int32, _ value: Int32) {
        var value = value
        _ = unsafe setsockopt(self.descriptor, SOL_SOCKET, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }

    private static func withGenericPointer<Result>(
        to address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
