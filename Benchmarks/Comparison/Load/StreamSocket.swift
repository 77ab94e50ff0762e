import Glibc

/// A blocking TCP socket on 127.0.0.1.
struct StreamSocket: Sendable {
    let descriptor: Int32

    /// A socket that listens on a port that the system chooses.
    static func listening() throws(BenchmarkError) -> StreamSocket {
        let socket = try StreamSocket()
        var address = loopbackAddress(port: 0)
        let code = withSocketAddress(&address) { bind(socket.descriptor, $0, $1) }
        guard code == 0, listen(socket.descriptor, 4096) == 0 else { throw .system("listen", errno) }
        return socket
    }

    static func connected(toPort port: UInt16) throws(BenchmarkError) -> StreamSocket {
        let socket = try StreamSocket()
        var address = loopbackAddress(port: port)
        let code = withSocketAddress(&address) { connect(socket.descriptor, $0, $1) }
        guard code == 0 else {
            let error = errno
            socket.close()
            throw .system("connect", error)
        }
        socket.sendAtOnce()
        return socket
    }

    private init() throws(BenchmarkError) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system("socket", errno) }
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    var port: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// The next connection; nil when the listening socket has been shut down.
    func accepted() -> StreamSocket? {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return nil }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        let socket = StreamSocket(descriptor: connection)
        socket.sendAtOnce()
        return socket
    }

    /// False when the connection has failed.
    func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
            let count = Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    func send(_ byte: UInt8) -> Bool { withUnsafeBytes(of: byte) { send($0) } }

    /// Fills the buffer; false when the connection ended or timed out before.
    func receive(filling buffer: UnsafeMutableRawBufferPointer) -> Bool {
        var received = 0
        while received < buffer.count {
            let count = recv(descriptor, buffer.baseAddress! + received, buffer.count - received, 0)
            guard count > 0 else { return false }
            received += count
        }
        return true
    }

    func receiveByte() -> UInt8? {
        var byte: UInt8 = 0
        return withUnsafeMutableBytes(of: &byte) { receive(filling: $0) } ? byte : nil
    }

    /// Throws away what has arrived without copying it out of the kernel; how much it was, nil at the end.
    func discard() -> Int? {
        let count = recv(descriptor, nil, 1 << 20, Int32(MSG_TRUNC))
        return count > 0 ? count : nil
    }

    func limitWaiting(toMilliseconds milliseconds: Int) {
        var limit = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Wakes the threads that block in this socket.
    func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func close() { Glibc.close(descriptor) }

    private func sendAtOnce() {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
}

private func loopbackAddress(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}

private func withSocketAddress(
    _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
    withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
}
