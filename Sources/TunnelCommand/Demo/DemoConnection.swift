import NIOCore
import NIOPosix

/// A TCP connection of the demo, at either end. Its output can be finished while its input goes on.
typealias DemoConnection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

enum DemoConnections {
    /// Bytes per read.
    private static let receiveAllocator = FixedSizeRecvByteBufferAllocator(capacity: 65536)

    /// Connects to a port of 127.0.0.1.
    static func connect(to port: UInt16) async throws -> DemoConnection {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.recvAllocator, value: Self.receiveAllocator)
            .connect(host: "127.0.0.1", port: Int(port)) { channel in
                channel.eventLoop.makeCompletedFuture { try Self.wrap(channel) }
            }
    }

    /// Listens on a port of 127.0.0.1 that the system chooses.
    static func listen() async throws -> NIOAsyncChannel<DemoConnection, Never> {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.recvAllocator, value: Self.receiveAllocator)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture { try Self.wrap(channel) }
            }
    }

    /// Called on the channel's loop.
    private static func wrap(_ channel: any Channel) throws -> DemoConnection {
        try DemoConnection(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }
}

/// The input of a connection, in the pieces that the reader wants.
struct IncomingBytes {
    private var pieces: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var rest = ByteBuffer()

    init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) { self.pieces = inbound.makeAsyncIterator() }

    /// Exactly this many bytes; `nil` if the input ends before.
    mutating func read(_ byteCount: Int) async throws -> ByteBuffer? {
        while self.rest.readableBytes < byteCount {
            guard var piece = try await self.pieces.next(isolation: #isolation) else { return nil }
            if self.rest.readableBytes == 0 { self.rest = piece } else { self.rest.writeBuffer(&piece) }
        }
        return self.rest.readSlice(length: byteCount)
    }

    /// What comes next, at most `limit` bytes; `nil` at the end of the input.
    mutating func next(upTo limit: Int = .max) async throws -> ByteBuffer? {
        if self.rest.readableBytes == 0 {
            guard let piece = try await self.pieces.next(isolation: #isolation) else { return nil }
            self.rest = piece
        }
        return self.rest.readSlice(length: min(limit, self.rest.readableBytes))
    }
}
