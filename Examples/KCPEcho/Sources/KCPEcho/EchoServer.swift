import KCP
import NIOCore

/// Sends back what comes in, for every conversation of every address.
final class EchoServer: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private struct Peer: Hashable {
        var address: SocketAddress
        var conversation: UInt32
    }

    private static let largestSessionCount = 1000

    private let link: LossyLink
    private var sessions: [Peer: Session] = [:]

    init(link: LossyLink) { self.link = link }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let datagram = self.unwrapInboundIn(data)
        // Junk is normal on a network.
        guard let header = SegmentHeader(datagram.data.readableBytesSpan),
            let session = self.session(
                of: Peer(address: datagram.remoteAddress, conversation: header.conversation), on: context.channel)
        else { return }
        let stream = session.read(datagram.data)
        if stream.readableBytes > 0 { session.write(stream) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.sessions.values.forEach { $0.stop() }
    }

    private func session(of peer: Peer, on channel: any Channel) -> Session? {
        if let session = self.sessions[peer] { return session }
        guard self.sessions.count < Self.largestSessionCount else { return nil }
        let session = Session(
            id: peer.conversation, on: channel.eventLoop, send: self.link.sender(to: peer.address, on: channel))
        self.sessions[peer] = session
        return session
    }
}
