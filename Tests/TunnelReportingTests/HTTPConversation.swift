import NIOCore
import NIOPosix
import TunnelReporting
import TunnelRuntime

/// Sends bytes to a port of this machine and collects everything that comes back until the other side closes.
enum HTTPConversation {
    /// - Parameter finishes: say that nothing follows the request.
    static func answer(to request: String, port: Int, finishes: Bool = false) async throws -> String {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: String.self)
        let channel = try await ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(promise: promise))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        // The other side may close before it has taken everything.
        channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
        if finishes { channel.close(mode: .output, promise: nil) }
        return try await promise.futureResult.get()
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let promise: EventLoopPromise<String>
        private var text = ""

        init(promise: EventLoopPromise<String>) { self.promise = promise }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.text += String(buffer: self.unwrapInboundIn(data))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelInactive(context: ChannelHandlerContext) { self.promise.succeed(self.text) }
    }
}

extension StatusPatience {
    /// For a machine that hundreds of tests share.
    static var endless: StatusPatience {
        var patience = StatusPatience()
        patience.firstRequest = .minutes(10)
        patience.idle = .minutes(10)
        patience.write = .minutes(10)
        patience.answer = .minutes(10)
        return patience
    }
}

/// A server on a free port, ended with the body.
func withStatusServer<Result>(
    patience: StatusPatience = .endless,
    snapshot: @escaping @Sendable () async -> HostSnapshot = { Samples.busyHost },
    _ body: (_ port: Int) async throws -> Result
) async throws -> Result {
    let server = try await StatusServer.start(
        at: .tcp(host: "127.0.0.1", port: 0), program: Samples.program, patience: patience, snapshot: snapshot)
    do {
        let result = try await body(Int(server.localAddress.split(separator: ":").last!)!)
        await server.shutdown()
        return result
    } catch {
        await server.shutdown()
        throw error
    }
}
