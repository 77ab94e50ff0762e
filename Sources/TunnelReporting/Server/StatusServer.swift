import NIOCore
import NIOHTTP1
import NIOPosix
package import TunnelRuntime

/// Tells about a running host over HTTP: metrics, a status document, a page for people, and whether it is alive.
///
/// It has a thread of its own, which sleeps while nobody asks. What it tells is read from the host's event loops on
/// demand.
package final class StatusServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel

    /// More connections than this at once are turned away.
    package static let connectionLimit = 64

    private init(group: MultiThreadedEventLoopGroup, listener: any Channel) {
        self.group = group
        self.listener = listener
    }

    /// Listens at `address` and tells what `snapshot` gives.
    /// - Throws: `IOError` when the address is taken or not ours.
    package static func start(
        at address: StreamAddress, program: ProgramIdentity, patience: StatusPatience = StatusPatience(),
        snapshot: @escaping @Sendable () async -> HostSnapshot
    ) async throws -> StatusServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let source = StatusSource(program: program, snapshot: snapshot)
            let connections = try await group.next().submit {
                NIOLoopBound(ConnectionCount(), eventLoop: group.next())
            }.get()
            let listener = try await StreamListener.bind(
                Self.bootstrap(group, source: source, patience: patience, connections: connections), to: address)
            return StatusServer(group: group, listener: listener)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func bootstrap(
        _ group: MultiThreadedEventLoopGroup, source: StatusSource, patience: StatusPatience,
        connections: NIOLoopBound<ConnectionCount>
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pauseAfterFailedAccepts() }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.setUp(channel, source: source, patience: patience, connections: connections.value)
                }
            }
    }

    private static func setUp(
        _ channel: any Channel, source: StatusSource, patience: StatusPatience, connections: ConnectionCount
    ) throws {
        guard connections.add(channel, limit: Self.connectionLimit) else {
            return try channel.pipeline.syncOperations.addHandler(TurnAwayHandler())
        }
        let requestGuard = RequestGuard()
        try channel.pipeline.syncOperations.addHandler(requestGuard)
        try channel.pipeline.syncOperations.configureHTTPServerPipeline()
        try channel.pipeline.syncOperations.addHandler(
            RequestHandler(source: source, requestGuard: requestGuard, patience: patience))
    }

    /// Where it listens, as bound: `127.0.0.1:9100`.
    package var localAddress: String { StreamListener.boundAddress(of: self.listener) }

    /// Stops listening and ends all connections.
    package func shutdown() async {
        try? await self.listener.close().get()
        try? await self.group.shutdownGracefully()
    }
}

/// How many connections there are. It stays on the loop.
private final class ConnectionCount {
    private var count = 0

    /// False: there are too many.
    func add(_ channel: any Channel, limit: Int) -> Bool {
        guard self.count < limit else { return false }
        self.count += 1
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.count -= 1 }
        return true
    }
}

/// Says that there are too many connections, and ends this one.
private final class TurnAwayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        let answer = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        context.writeAndFlush(self.wrapOutboundOut(context.channel.allocator.buffer(string: answer)), promise: nil)
        context.close(promise: nil)
    }
}
