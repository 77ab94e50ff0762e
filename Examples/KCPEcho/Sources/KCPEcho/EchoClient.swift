import NIOCore

/// Sends some bytes and waits until all of them have come back.
final class EchoClient: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let server: SocketAddress
    private let link: LossyLink
    private let message: ByteBuffer
    private let result: EventLoopPromise<EchoResult>
    private var echo = ByteBuffer()
    private var session: Session?

    init(server: SocketAddress, link: LossyLink, message: ByteBuffer, result: EventLoopPromise<EchoResult>) {
        self.server = server
        self.link = link
        self.message = message
        self.result = result
    }

    func channelActive(context: ChannelHandlerContext) {
        let session = Session(
            id: .random(in: 1...UInt32.max), on: context.eventLoop,
            send: self.link.sender(to: self.server, on: context.channel))
        self.session = session
        session.write(self.message)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let datagram = self.unwrapInboundIn(data)
        guard let session, datagram.remoteAddress == self.server else { return }
        self.echo.writeImmutableBuffer(session.read(datagram.data))
        guard self.echo.readableBytes >= self.message.readableBytes else { return }
        self.result.succeed(
            EchoResult(
                byteCount: self.echo.readableBytes, isSame: self.echo == self.message,
                retransmittedSegmentCount: session.statistics.retransmittedSegments))
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.session?.stop()
        self.result.fail(ChannelError.ioOnClosedChannel)
    }
}

/// What came back.
struct EchoResult: Sendable {
    var byteCount: Int
    var isSame: Bool
    /// How many segments the client had to send again.
    var retransmittedSegmentCount: UInt64
}
