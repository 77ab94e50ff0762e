import Foundation
import Synchronization

/// Where a stream socket listens or connects to.
enum StreamAddress: Sendable, CustomStringConvertible {
    case ipv4(UInt16)
    case ipv6(UInt16)
    case unix(String)

    /// As kcptun's flags spell it.
    var description: String {
        switch self {
        case .ipv4(let port): "127.0.0.1:\(port)"
        case .ipv6(let port): "[::1]:\(port)"
        case .unix(let path): path
        }
    }

    fileprivate func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        return withUnsafeMutableBytes(of: &storage) { bytes in
            let byteCount = self.fill(bytes)
            return body(bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(byteCount))
        }
    }

    private func fill(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
        switch self {
        case .ipv4(let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            bytes.storeBytes(of: address, as: sockaddr_in.self)
            return MemoryLayout<sockaddr_in>.size
        case .ipv6(let port):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            bytes.storeBytes(of: address, as: sockaddr_in6.self)
            return MemoryLayout<sockaddr_in6>.size
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
            bytes.storeBytes(of: address, as: sockaddr_un.self)
            return MemoryLayout<sockaddr_un>.size
        }
    }

    fileprivate var family: Int32 {
        switch self {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        case .unix: AF_UNIX
        }
    }
}

/// Free ports of 127.0.0.1, from below those that the system gives out by itself, each handed out once.
enum FreePort {
    private static let next = Atomic(Int(getpid()) * 37)

    /// - Parameter count: so many in a row, of which the first is returned.
    static func take(_ count: UInt16 = 1) -> UInt16 {
        while true {
            let number = Self.next.add(Int(count), ordering: .relaxed).oldValue + 1
            let port = UInt16(10_240 + number % 22_000)
            let areFree = (port..<port + count).allSatisfy {
                Self.isFree($0, SocketType.stream) && Self.isFree($0, SocketType.datagram)
            }
            if areFree { return port }
        }
    }

    private static func isFree(_ port: UInt16, _ type: Int32) -> Bool {
        ChildProcess.starting.withLock {
            [StreamAddress.ipv4(port), .ipv6(port)].allSatisfy { address in
                let descriptor = socket(address.family, type, 0)
                defer { close(descriptor) }
                return descriptor < 0 || address.withSockaddr { bind(descriptor, $0, $1) } == 0
            }
        }
    }
}

/// `SOCK_STREAM` is an enumeration in one system's headers and a number in the other's.
enum SocketType {
    #if os(Linux)
        static let stream = Int32(SOCK_STREAM.rawValue)
        static let datagram = Int32(SOCK_DGRAM.rawValue)
    #else
        static let stream = SOCK_STREAM
        static let datagram = SOCK_DGRAM
    #endif
}

/// A connected stream socket with blocking calls that give up at a deadline.
final class StreamSocket: @unchecked Sendable {
    #if os(Linux)
        private static let doNotWait = Int32(MSG_DONTWAIT)
    #else
        private static let doNotWait = MSG_DONTWAIT
    #endif

    let descriptor: Int32

    fileprivate init(descriptor: Int32) {
        self.descriptor = descriptor
        signal(SIGPIPE, SIG_IGN)
    }

    /// Connects; throws if nobody listens there.
    convenience init(connectingTo address: StreamAddress) throws {
        self.init(descriptor: socket(address.family, SocketType.stream, 0))
        guard self.descriptor >= 0 else { throw Failure("socket: \(String(cString: strerror(errno)))") }
        let result = address.withSockaddr { connect(self.descriptor, $0, $1) }
        guard result == 0 else { throw Failure("connect to \(address): \(String(cString: strerror(errno)))") }
    }

    deinit { close(self.descriptor) }

    /// Sends everything.
    func write(_ bytes: [UInt8], _ deadline: Deadline) throws {
        var offset = 0
        while offset < bytes.count {
            try self.wait(for: Int16(POLLOUT), deadline, "writing after \(offset) of \(bytes.count) bytes")
            let sent = bytes.withUnsafeBytes { buffer in
                send(self.descriptor, buffer.baseAddress! + offset, buffer.count - offset, Self.doNotWait)
            }
            if sent > 0 {
                offset += sent
            } else if errno != EAGAIN && errno != EINTR {
                throw Failure("write after \(offset) of \(bytes.count) bytes: \(String(cString: strerror(errno)))")
            }
        }
    }

    /// What has arrived, at most `buffer.count` bytes; 0 at the end of the stream.
    func readSome(into buffer: inout [UInt8], limit: Int, _ deadline: Deadline) throws -> Int {
        while true {
            try self.wait(for: Int16(POLLIN), deadline, "reading")
            let received = recv(self.descriptor, &buffer, min(limit, buffer.count), 0)
            if received >= 0 { return received }
            if errno != EAGAIN && errno != EINTR { throw Failure("read: \(String(cString: strerror(errno)))") }
        }
    }

    /// Exactly `byteCount` bytes; throws if the stream ends before.
    func read(byteCount: Int, _ deadline: Deadline) throws -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(byteCount, 65536))
        while result.count < byteCount {
            let received = try self.readSome(into: &buffer, limit: byteCount - result.count, deadline)
            if received == 0 { throw Failure("the stream ended after \(result.count) of \(byteCount) bytes") }
            result += buffer.prefix(received)
        }
        return result
    }

    /// Says that no more will be written; the other direction stays open.
    func finishWriting() { shutdown(self.descriptor, Int32(SHUT_WR)) }

    private func wait(for events: Int16, _ deadline: Deadline, _ doing: String) throws {
        var pollSet = pollfd(fd: self.descriptor, events: events, revents: 0)
        guard poll(&pollSet, 1, deadline.milliseconds) > 0 else { throw Failure("time is up while \(doing)") }
    }
}

/// A listening stream socket that hands every connection to `handle`, each on a thread of its own.
final class StreamListener: @unchecked Sendable {
    let address: StreamAddress
    private let descriptor: Int32

    /// Listens at once; connections are taken until the listener is stopped.
    init(at address: StreamAddress, handle: @escaping @Sendable (StreamSocket) -> Void) throws {
        self.address = address
        self.descriptor = socket(address.family, SocketType.stream, 0)
        var yes: Int32 = 1
        setsockopt(self.descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard address.withSockaddr({ bind(self.descriptor, $0, $1) }) == 0, listen(self.descriptor, 1024) == 0 else {
            throw Failure("listen on \(address): \(String(cString: strerror(errno)))")
        }
        let descriptor = self.descriptor
        Thread.detachNewThread { Self.acceptAll(descriptor, handle) }
    }

    private static func acceptAll(_ descriptor: Int32, _ handle: @escaping @Sendable (StreamSocket) -> Void) {
        while true {
            let accepted = accept(descriptor, nil, nil)
            if accepted < 0 && (errno == EINTR || errno == ECONNABORTED || errno == EMFILE) { continue }
            if accepted < 0 { break }
            let connection = StreamSocket(descriptor: accepted)
            let thread = Thread { handle(connection) }
            thread.stackSize = 256 << 10
            thread.start()
        }
        close(descriptor)
    }

    /// Connections are refused from now on.
    func stop() { shutdown(self.descriptor, Int32(SHUT_RDWR)) }
}
