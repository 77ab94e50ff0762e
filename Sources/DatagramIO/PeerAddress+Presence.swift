package import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension PeerAddress {
    /// Whether this was an address of this machine and is none any more. Asks the system, in three calls.
    package var isGone: Bool {
        var address = self
        address.port = 0
        do throws(SystemError) {
            try DatagramSocket.bind(to: address).close()
            return false
        } catch {
            return error.number == EADDRNOTAVAIL
        }
    }
}
