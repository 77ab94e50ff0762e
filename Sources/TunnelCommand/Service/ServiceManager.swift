#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// The service manager (systemd), as far as it wants to be told how the program is: `sd_notify(3)`, which is a datagram
/// with lines of text.
package struct ServiceManager: Sendable {
    /// A path, or a name of Linux' abstract namespace behind an `@`; `nil` if nobody listens.
    private let path: String?

    package init(notifySocket path: String?) { self.path = path }

    /// Whether there is one.
    package var isListening: Bool { self.path != nil }

    /// The program serves, for the first time or again after `tellReloading`.
    package func tellReady(status: String) { self.send(["READY=1", "STATUS=\(status)"]) }

    package func tellReloading(monotonicMicroseconds: UInt64) {
        self.send(["RELOADING=1", "MONOTONIC_USEC=\(monotonicMicroseconds)"])
    }

    /// The program leaves, which may take so many seconds.
    package func tellStopping(status: String, withinSeconds seconds: Int) {
        self.send(["STOPPING=1", "STATUS=\(status)", "EXTEND_TIMEOUT_USEC=\((seconds + 1) * 1_000_000)"])
    }

    package func tell(status: String) { self.send(["STATUS=\(status)"]) }

    /// The event loops have answered.
    package func tellAlive() { self.send(["WATCHDOG=1"]) }

    /// A manager that does not take the datagram is no reason to stop.
    private func send(_ lines: [String]) {
        guard let path, let address = NotifyAddress(path) else { return }
        let descriptor = socket(AF_UNIX, SocketKind.datagram, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        // A manager that is busy is waited for, but not for ever.
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let text = Array(lines.joined(separator: "\n").utf8)
        unsafe address.withSocketAddress { pointer, byteCount in
            _ = unsafe sendto(descriptor, text, text.count, 0, pointer, byteCount)
        }
    }
}

/// `SOCK_DGRAM` is a number in one system's headers and an enumeration in the other's.
private enum SocketKind {
    #if canImport(Glibc)
        static let datagram = Int32(SOCK_DGRAM.rawValue)
    #else
        static let datagram = SOCK_DGRAM
    #endif
}

/// The address of a unix socket.
private struct NotifyAddress {
    private var address = sockaddr_un()
    private let byteCount: Int

    /// `nil` if it is too long.
    init?(_ path: String) {
        var name = Array(path.utf8)
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        let capacity = MemoryLayout.size(ofValue: self.address.sun_path)
        guard name.count < capacity else { return nil }
        self.address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &self.address.sun_path) { unsafe $0.copyBytes(from: name) }
        // A name is as long as the address says; a path ends with a zero.
        let isAbstract = name.first == 0
        self.byteCount = MemoryLayout<sockaddr_un>.size - capacity + name.count + (isAbstract ? 0 : 1)
    }

    func withSocketAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Void) {
        unsafe withUnsafeBytes(of: self.address) {
            unsafe body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(self.byteCount))
        }
    }
}
