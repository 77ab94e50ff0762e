import NIOCore
import NIOPosix
import PacketPrimitives
import Smux
import Synchronization
import Testing
import TunnelCore

@testable import TunnelRuntime

/// A stream whose connection is the test's.
@Suite struct StreamPumpTests {
    private static let begin = LoneSession.frame(.synchronize, 3)

    /// The other end of a stream's connection: reads when it is told to, and notes how that ends.
    private final class Target: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        struct Notes: Sendable {
            var channel: (any Channel)?
            var byteCount = 0
            var hasEnd = false
            var hasError = false
        }
        private let state = Mutex(Notes())
        var notes: Notes { self.state.withLock { $0 } }

        func handlerAdded(context: ChannelHandlerContext) {
            let channel = context.channel
            self.state.withLock { $0.channel = channel }
        }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let count = self.unwrapInboundIn(data).readableBytes
            self.state.withLock { $0.byteCount += count }
        }
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .inputClosed? = event as? ChannelEvent { self.state.withLock { $0.hasEnd = true } }
        }
        func channelInactive(context: ChannelHandlerContext) { self.state.withLock { $0.hasEnd = !$0.hasError } }
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.state.withLock { $0.hasError = true }
        }

        func listen() async throws -> any Channel {
            try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.socketOption(.so_rcvbuf), value: 65_536)
                .childChannelOption(.autoRead, value: false)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(self) }
                }
                .bind(host: "127.0.0.1", port: 0).get()
        }

        func read() async throws { try await self.notes.channel?.setOption(.autoRead, value: true).get() }
    }

    /// Runs `body` with a session that has a stream of its peer's, and the stream's connection.
    private static func withStream(_ body: (NIOLoopBound<LoneSession>, Target) async throws -> Void) async throws {
        let lone = try await LoneSession.make(.server)
        let target = Target()
        let listener = try await target.listen()
        let port = try #require(listener.localAddress?.port)
        try await lone.run { $0.receive(Self.begin) }
        let hasPump = try await becomesTrue { (try? await lone.run { !$0.owner.opened.isEmpty }) ?? false }
        #expect(hasPump)
        try await lone.run { lone in
            let pump = lone.owner.opened[0]
            StreamDialer.dial(.tcp(host: "127.0.0.1", port: port), on: lone.session.loop).assumeIsolated().whenSuccess {
                StreamDialer.give($0, to: pump)
            }
        }
        let isConnected = try await becomesTrue {
            let hasContext = try? await lone.run { $0.owner.opened[0].context != nil }
            return hasContext == true && target.notes.channel != nil
        }
        #expect(isConnected)
        try await body(lone, target)
        try await lone.run { $0.close() }
        try await listener.close()
    }

    @Test(.timeLimit(.minutes(2))) func `who does not read for a while after its own end loses nothing`() async throws {
        let (pieceByteCount, pieceCount) = (1000, 1000)
        try await Self.withStream { lone, target in
            try await lone.run { lone in
                lone.session.closeWaitMilliseconds = 100
                let options = lone.owner.opened[0].context?.channel.syncOptions
                try options?.setOption(.socketOption(.so_sndbuf), value: 16_384)
                let piece = LoneSession.frame(.push, 3, [UInt8](repeating: 7, count: pieceByteCount))
                for _ in 0..<pieceCount { lone.receive(piece) }
                lone.receive(LoneSession.frame(.finish, 3))
            }
            try await target.notes.channel?.close(mode: .output).get()
            let hasEnded = try await becomesTrue {
                (try? await lone.run { $0.owner.opened[0].inputState == .finished }) ?? false
            }
            #expect(hasEnded)
            try await Task.sleep(for: .milliseconds(500))
            let (isEnded, waiting) = try await lone.run { lone in
                (lone.owner.opened[0].isEnded, lone.owner.opened[0].unwrittenByteCount)
            }
            #expect(!isEnded && waiting > 0)
            try await target.read()
            let hasAnEnd = try await becomesTrue { target.notes.hasEnd || target.notes.hasError }
            #expect(hasAnEnd && !target.notes.hasError)
            #expect(target.notes.byteCount == pieceByteCount * pieceCount)
        }
    }

    @Test(.timeLimit(.minutes(2))) func `what rests half-closed for too long is cut off, not ended`() async throws {
        try await Self.withStream { lone, target in
            try await lone.run { $0.session.closeWaitMilliseconds = 100 }
            // Before the time runs: what is cut off cannot be read from.
            try await target.read()
            try await target.notes.channel?.close(mode: .output).get()
            let isReset = try await becomesTrue { target.notes.hasError }
            #expect(isReset && !target.notes.hasEnd)
        }
    }

    @Test(.timeLimit(.minutes(2))) func `the end of a session does not look like the end of what it carried`()
        async throws
    {
        try await Self.withStream { lone, target in
            try await lone.run { $0.receive(LoneSession.frame(.push, 3, [1, 2, 3])) }
            try await target.read()
            let isWritten = try await becomesTrue { target.notes.byteCount == 3 }
            #expect(isWritten)
            try await lone.run { $0.session.end(.closed) }
            let isReset = try await becomesTrue { target.notes.hasError }
            #expect(isReset && !target.notes.hasEnd)
        }
    }
}
