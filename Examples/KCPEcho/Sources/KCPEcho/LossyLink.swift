import NIOCore

/// A network that loses datagrams, to see what KCP does about it.
struct LossyLink: Sendable {
    /// Of a hundred datagrams so many are lost.
    var lossPercent = 0

    /// A function that sends a datagram to `address`, or loses it.
    func sender(to address: SocketAddress, on channel: any Channel) -> (ByteBuffer) -> Void {
        { datagram in
            guard Int.random(in: 0..<100) >= self.lossPercent else { return }
            channel.writeAndFlush(AddressedEnvelope(remoteAddress: address, data: datagram), promise: nil)
        }
    }
}
