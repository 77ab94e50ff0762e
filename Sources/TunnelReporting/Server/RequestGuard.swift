package import NIOCore

/// Ends a connection whose request is longer than any that means something here, before it is put together.
package final class RequestGuard: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// Head and body together.
    package static let byteLimit = 16 * 1024

    private var byteCount = 0
    private var isRefused = false

    package init() {}

    /// A request is complete; the next one may be as long again.
    package func requestEnded() { self.byteCount = 0 }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isRefused else { return }
        self.byteCount += self.unwrapInboundIn(data).readableBytes
        guard self.byteCount > Self.byteLimit else { return context.fireChannelRead(data) }
        self.isRefused = true
        let answer = "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        context.writeAndFlush(self.wrapOutboundOut(context.channel.allocator.buffer(string: answer)), promise: nil)
        context.close(promise: nil)
    }
}
