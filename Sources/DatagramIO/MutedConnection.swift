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
/// A filter on a socket is asked before TCP is: what it drops has never arrived, so it is not acknowledged and not
/// answered with a reset. All that such a connection sends is its handshake, and one reset when it is closed.
package enum MutedConnection {
    /// Prepares a socket that is going to listen or to connect. Accepted connections inherit it.
    package static func prepare(_ descriptor: Int32) throws(SystemError) {
        try self.attach(.withoutDatagrams, to: descriptor)
        // Closing sends a reset and is done: nobody answers the end of a connection, so it would be repeated for minutes.
        var reset = linger(l_onoff: 1, l_linger: 0)
        let byteCount = socklen_t(MemoryLayout<linger>.size)
        guard unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, byteCount) == 0 else {
            throw SystemError(call: "SO_LINGER", number: errno)
        }
    }

    /// Closes the ears of a client's connection, which is established.
    package static func seal(_ descriptor: Int32) throws(SystemError) {
        try self.attach(.handshakeOnly, to: descriptor)
    }

    private static func attach(_ filter: FilterProgram, to descriptor: Int32) throws(SystemError) {
        let error = SystemCalls.attach(filter, to: descriptor)
        guard error == 0 else { throw SystemError(call: "SO_ATTACH_FILTER", number: error) }
    }
}
