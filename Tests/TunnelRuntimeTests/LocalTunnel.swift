import Ciphers
import DatagramIO
import KCP
import NIOCore
import NIOPosix
import PacketPrimitives
import Smux
import Testing
import TunnelCore

@testable import TunnelRuntime

/// Hosts of both kinds in this process, on 127.0.0.1.
enum LocalTunnel {
    private static func configuration(
        _ role: TunnelRole, usesCompression: Bool = true, _ multiplexer: Smux.Configuration? = nil
    ) throws -> HostConfiguration {
        let session = SessionConfiguration(
            role: role, cipher: .aes, derivedKey: KeyDerivation.derive(from: "local"), dataShards: 10, parityShards: 3,
            mtu: 1350,
            conversation: KCP.Configuration(
                profile: Profile.allCases[0], mtu: 1350, sendWindow: 128, receiveWindow: 128),
            multiplexer: try multiplexer ?? Smux.Configuration(), usesCompression: usesCompression)
        return HostConfiguration(session: session, socket: DatagramSocketOptions(), loopCount: 1, closeWait: 0)
    }

    /// An event loop, of a client if nothing else is said.
    static func loopContext(
        of role: TunnelRole = .client, usesCompression: Bool = true, rules: SendingRules = .original
    ) async throws -> NIOLoopBound<LoopContext> {
        var session = try self.configuration(role, usesCompression: usesCompression).session
        session.rules = rules
        let configuration = session
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return try await loop.submit {
            let random = SeededRandomSource(seed: 1)
            return NIOLoopBound(
                LoopContext(
                    eventLoop: loop, configuration: configuration, random: random,
                    secret: ReplayWindow.Secret(random), memory: MemoryLimit(byteCount: 1 << 30, loopCount: 1)),
                eventLoop: loop)
        }.get()
    }

    /// Starts a server in front of `target`.
    static func server(
        port: UInt16, target: SocketAddress, multiplexer: Smux.Configuration? = nil
    ) async throws -> ServerHost {
        let configuration = ServerConfiguration(
            host: try self.configuration(.server, multiplexer), listen: try PortRange("127.0.0.1:\(port)"),
            target: .tcp(host: "127.0.0.1", port: target.port ?? 0))
        return try await ServerHost.start(configuration, log: RecordingLog().hostLog)
    }

    /// Starts a client; the list is as `-remoteaddr` has it.
    static func client(
        _ remotes: String, log: RecordingLog, lookup: NameLookup = .system, multiplexer: Smux.Configuration? = nil
    ) async throws -> ClientHost {
        try await ClientHost.start(
            self.clientConfiguration(remotes, multiplexer), log: log.hostLog, lookup: lookup)
    }

    static func clientConfiguration(
        _ remotes: String, _ multiplexer: Smux.Configuration? = nil
    ) throws -> ClientConfiguration {
        ClientConfiguration(
            host: try self.configuration(.client, multiplexer), listen: .tcp(host: "127.0.0.1", port: 0),
            remotes: try PortRange.list(remotes), connections: 1)
    }

    /// A UDP port of 127.0.0.1 that nobody has.
    static func freePort() throws -> UInt16 {
        let socket = try self.muteServer()
        defer { socket.close() }
        return socket.localAddress.port
    }

    /// A socket that takes datagrams and answers none.
    static func muteServer() throws -> DatagramSocket {
        try DatagramSocket.bind(to: .ipv4(0x7F00_0001, port: 0))
    }

    /// Listens for connections and gives back what they send.
    static func echo() async throws -> any Channel {
        try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(EchoHandler()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// Sends a few bytes through a client and waits for them.
    static func exchange(through client: ClientHost) async throws {
        let bytes = Array("there and back".utf8)
        let answer = try await self.withConnection(to: client) { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: bytes))
            return try await self.read(bytes.count, from: inbound)
        }
        #expect(answer == bytes)
    }

    /// What comes, up to the piece with the byte number `byteCount`.
    static func read(_ byteCount: Int, from inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await buffer in inbound {
            bytes += buffer.readableBytesView
            if bytes.count >= byteCount { break }
        }
        return bytes
    }

    /// Runs `body` with a connection to a client.
    static func withConnection<Result: Sendable>(
        to client: ClientHost,
        _ body: (NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws ->
            Result
    ) async throws -> Result {
        let port = try #require(client.localAddress.split(separator: ":").last.flatMap { Int($0) })
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { try await body($0, $1) }
    }
}

private final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(data, promise: nil)
    }
}
