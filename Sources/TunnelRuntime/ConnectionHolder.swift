import NIOCore
import TunnelCore

/// What has a stream's connection, and what has come from it, until a pump takes it over.
protocol StreamHolder: AnyObject {
    /// Gives the pump what has come, and leaves the connection's pipeline.
    func handOver(to pump: StreamPump)
}

/// Holds a connection that has no pump yet.
///
/// Nothing is read from it, but NIO reads a connection empty, asked or not, when the other side ends it: an application
/// may have sent its request and said that it is all before there is a session to carry it.
final class ConnectionHolder: ChannelInboundHandler, RemovableChannelHandler, StreamHolder {
    typealias InboundIn = ByteBuffer

    private let loop: LoopContext
    /// Called when the connection is there.
    private var whenActive: ((any Channel, ConnectionHolder) -> Void)?
    private var context: ChannelHandlerContext?
    private var pending: PendingBytes
    private var hasEnded = false

    init(loop: LoopContext, whenActive: ((any Channel, ConnectionHolder) -> Void)? = nil) {
        self.loop = loop
        self.whenActive = whenActive
        self.pending = PendingBytes(keepsFetched: loop.configuration.role == .client)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelActive(context: ChannelHandlerContext) {
        self.whenActive?(context.channel, self)
        self.whenActive = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.pending.append(self.unwrapInboundIn(data), sparing: self.loop.receiveMemory)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            self.hasEnded = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        self.pending = PendingBytes()
    }

    func handOver(to pump: StreamPump) {
        guard let context else { return }
        self.context = nil
        pump.begin(with: self.pending, hasRead: self.pending.byteCount > 0, hasEnded: self.hasEnded)
        self.pending = PendingBytes()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}

extension StreamPump {
    /// Goes on with a connection from where its holder has it.
    func takeOver(_ channel: any Channel, from holder: any StreamHolder) {
        guard !self.isEnded, channel.isActive else {
            channel.close(promise: nil)
            return self.end()
        }
        holder.handOver(to: self)
        do {
            try channel.pipeline.syncOperations.addHandler(self)
        } catch {
            self.end()
        }
    }
}
