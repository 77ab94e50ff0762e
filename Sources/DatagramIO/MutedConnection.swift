import CDatagramSyscalls
import FakeTCP

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Keeps the kernel's own TCP sockets quiet, in whose name a `FakeTCPSocket` sends.
///
/// What is kept from such a socket has never arrived: it is not acknowledged and not answered with a reset. So all that
/// the connection sends is its handshake, and one reset when it is closed.
package enum MutedConnection {
    /// Prepares a socket that is going to listen or to connect. Accepted connections inherit it.
    package static func prepare(_ descriptor: Int32) throws(SystemError) {
        // Nobody would answer the end of a connection, so the kernel would repeat it for minutes: close with a reset.
        var reset = linger(l_onoff: 1, l_linger: 0)
        let byteCount = socklen_t(MemoryLayout<linger>.size)
        guard unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, byteCount) == 0 else {
            throw SystemError(call: "SO_LINGER", number: errno)
        }
        // Covers the time before `seal`, in which the kernel may acknowledge a datagram or two. Since 2026 Linux asks
        // for CAP_NET_ADMIN here, which is too much for that.
        let error = SystemCalls.attach(.withoutDatagrams, to: descriptor)
        guard error == 0 || error == EPERM else { throw SystemError(call: "SO_ATTACH_FILTER", number: error) }
    }

    /// Closes the ears of an established connection, so that neither datagrams nor forged segments reach it.
    ///
    /// It hears only neighbours from then on: what is sent with the highest possible TTL, and no router has lowered it
    /// (RFC 5082). Hosts send with 64 or 128.
    package static func seal(_ descriptor: Int32) throws(SystemError) {
        #if os(Linux)
            // An IPv6 socket may have an IPv4 peer.
            let errors = [
                self.set(descriptor, Int32(IPPROTO_IP), IP_MINTTL),
                self.set(descriptor, Int32(IPPROTO_IPV6), IPV6_MINHOPCOUNT),
            ]
            guard errors.contains(0) else { throw SystemError(call: "IP_MINTTL", number: errors[0]) }
        #else
            throw SystemError(call: "IP_MINTTL", number: ENOTSUP)
        #endif
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) -> Int32 {
        var highest: Int32 = 255
        let byteCount = socklen_t(MemoryLayout<Int32>.size)
        return unsafe setsockopt(descriptor, level, option, &highest, byteCount) == 0 ? 0 : errno
    }
}
