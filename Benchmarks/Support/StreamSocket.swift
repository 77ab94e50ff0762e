import Glibc

/// An IPv4 address and a TCP port.
package struct Endpoint: Sendable {
    package var address: UInt32
    package var port: UInt16

    /// 127.0.0.1 if no address is given.
    package init(address: UInt32 = 0x7F00_0001, port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// A blocking TCP socket.
package struct StreamSocket: Sendable {
    package let descriptor: Int32

    /// A socket that listens; at port 0: the system chooses. Its connections have the same congestion control.
    package static func listening(
        at endpoint: Endpoint = Endpoint(port: 0), congestionControl: String? = nil
    ) throws(BenchmarkError) -> StreamSocket {
        let socket = try StreamSocket(congestionControl)
        let code = unsafe withSocketAddress(endpoint) { unsafe bind(socket.descriptor, $0, $1) }
        guard code == 0, listen(socket.descriptor, 4096) == 0 else { throw .system("listen", errno) }
        return socket
    }

    package static func connected(toPort port: UInt16) throws(BenchmarkError) -> StreamSocket {
        try connected(to: Endpoint(port: port))
    }

    package static func connected(
        to endpoint: Endpoint, congestionControl: String? = nil
    ) throws(BenchmarkError) -> StreamSocket {
        let socket = try StreamSocket(congestionControl)
        let code = unsafe withSocketAddress(endpoint) { unsafe connect(socket.descriptor, $0, $1) }
        guard code == 0 else {
            let error = errno
            socket.close()
            throw .system("connect", error)
        }
        socket.sendAtOnce()
        return socket
    }

    private init(_ congestionControl: String?) throws(BenchmarkError) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system("socket", errno) }
        guard var name = congestionControl else { return }
        let code = name.withUTF8 {
            unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_CONGESTION, $0.baseAddress, socklen_t($0.count))
        }
        guard code == 0 else {
            let error = errno
            close()
            throw .system("congestion control \(name)", error)
        }
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    package var port: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// The next connection; nil when the listening socket has been shut down.
    package func accepted() -> StreamSocket? {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return nil }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        let socket = StreamSocket(descriptor: connection)
        socket.sendAtOnce()
        return socket
    }

    /// False when the connection has failed.
    package func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[sent...])
            let count = unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    package func send(_ byte: UInt8) -> Bool { unsafe withUnsafeBytes(of: byte) { unsafe send($0) } }

    /// Fills the buffer; false when the connection ended or timed out before.
    package func receive(filling buffer: UnsafeMutableRawBufferPointer) -> Bool {
        var received = 0
        while received < buffer.count {
            let count = unsafe recv(descriptor, buffer.baseAddress! + received, buffer.count - received, 0)
            guard count > 0 else { return false }
            received += count
        }
        return true
    }

    /// What comes until the other side closes, or nothing comes for longer than the limit.
    package func receiveText() -> String {
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += chunk[..<count]
        }
    }

    package func receiveByte() -> UInt8? {
        var byte: UInt8 = 0
        return unsafe withUnsafeMutableBytes(of: &byte) { unsafe receive(filling: $0) } ? byte : nil
    }

    /// Throws away what has arrived without copying it out of the kernel; how much it was, nil at the end.
    package func discard() -> Int? {
        let count = recv(descriptor, nil, 1 << 20, Int32(MSG_TRUNC))
        return count > 0 ? count : nil
    }

    package func limitWaiting(toMilliseconds milliseconds: Int) {
        var limit = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Receives up to as many bytes as the buffer has room for; 0 at the end, `nil` when the connection has failed or
    /// nothing came within the limit.
    package func receiveSome(into buffer: inout [UInt8]) -> Int? {
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        return count < 0 ? nil : count
    }

    /// Whether the other side has closed the connection or it has failed; not while something waits to be read.
    package var hasEnded: Bool {
        var byte: UInt8 = 0
        let count = unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
        return count == 0 || count < 0 && errno != EAGAIN && errno != EINTR
    }

    /// Nothing more will be sent; the other direction goes on.
    package func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends the connection with a reset.
    package func reset() {
        var option = Glibc.linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<Glibc.linger>.size))
        close()
    }

    /// Wakes the threads that block in this socket.
    package func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    package func close() { Glibc.close(descriptor) }

    private func sendAtOnce() {
        var on: Int32 = 1
        _ = unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
}

private func withSocketAddress(_ endpoint: Endpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = endpoint.port.bigEndian
    address.sin_addr.s_addr = endpoint.address.bigEndian
    return unsafe withUnsafePointer(to: &address) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
