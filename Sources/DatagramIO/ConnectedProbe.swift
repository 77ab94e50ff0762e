package import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A connected UDP socket beside the one that carries data: the system tells such a one which address it sends from, and
/// whether somebody on the way or the peer's system refuses datagrams.
package final class ConnectedProbe {
    private let descriptor: Int32

    package init(_ peer: PeerAddress) throws(SystemError) {
        self.descriptor = SystemCalls.openDatagramSocket(peer.family)
        guard self.descriptor >= 0 else { throw SystemError(call: "socket", number: -self.descriptor) }
        let error = SystemCalls.connect(self.descriptor, peer)
        guard error == 0 else { throw SystemError(call: "connect \(peer)", number: error) }
    }

    deinit { if self.descriptor >= 0 { SystemCalls.close(self.descriptor) } }

    /// The address of this machine that the way to the peer begins at.
    package var localAddress: PeerAddress? { SystemCalls.localAddress(self.descriptor) }

    /// Sends an empty datagram, of which a program that gets it takes no notice.
    package func ask() { _ = send(self.descriptor, nil, 0, 0) }

    /// The error number that an ICMP message has come to since this was asked last.
    package func refusal() -> Int32? {
        var number: Int32 = 0
        var byteCount = socklen_t(MemoryLayout<Int32>.size)
        let isKnown = unsafe getsockopt(self.descriptor, SOL_SOCKET, SO_ERROR, &number, &byteCount) == 0
        return isKnown && number != 0 ? number : nil
    }
}
