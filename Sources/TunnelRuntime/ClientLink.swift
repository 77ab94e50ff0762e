import DatagramIO
import NIOCore
import NIOPosix
import PacketPrimitives

/// What a client's session sends over.
struct ClientLink {
    let carrier: any DatagramCarrier
    /// The connection that the datagrams are disguised as segments of; it carries nothing and stays open as long.
    let connection: (any Channel)?

    /// How long a connection in disguise may take to be made: two segments that ask for it may get lost.
    private static let connectMilliseconds = 5000

    /// Gives up a link that no session uses.
    func close() {
        self.carrier.close()
        self.connection?.close(promise: nil)
    }

    /// Makes a link to `peer`. The answer may come before this returns.
    static func dial(
        _ peer: PeerAddress, _ configuration: HostConfiguration, on loop: LoopContext,
        _ completion: @escaping (Result<ClientLink, any Error>) -> Void
    ) {
        if configuration.disguisesAsTCP {
            self.dialInDisguise(peer, options: configuration.socket, on: loop, completion)
        } else {
            completion(
                Result {
                    ClientLink(
                        carrier: try DatagramSocket.open(for: peer, options: configuration.socket), connection: nil)
                })
        }
    }

    // MARK: In disguise

    private static func dialInDisguise(
        _ peer: PeerAddress, options: DatagramSocketOptions, on loop: LoopContext,
        _ completion: @escaping (Result<ClientLink, any Error>) -> Void
    ) {
        do {
            let socket = try FakeTCPSocket.expectConnection(to: peer, options: options)
            self.connect(to: peer, on: loop).assumeIsolated().whenComplete { result in
                completion(Result { try self.link(socket, result.get()) })
            }
        } catch {
            completion(.failure(error))
        }
    }

    private static func connect(to peer: PeerAddress, on loop: LoopContext) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: loop.eventLoop)
            .connectTimeout(.milliseconds(Int64(Self.connectMilliseconds)))
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.withDescriptor(MutedConnection.prepare) }
            }
            .connect(to: peer.socketAddress)
    }

    /// Hands the connection over from the kernel to `socket`.
    private static func link(_ socket: FakeTCPSocket, _ connected: @autoclosure () throws -> any Channel) throws
        -> ClientLink
    {
        do {
            let connection = try connected()
            do {
                try connection.withDescriptor(MutedConnection.seal)
                guard let local = connection.localAddress?.peerAddress else { throw ChannelError.ioOnClosedChannel }
                try socket.takeConnection(from: local)
                return ClientLink(carrier: socket, connection: connection)
            } catch {
                connection.close(promise: nil)
                throw error
            }
        } catch {
            socket.close()
            throw error
        }
    }
}

extension Channel {
    /// Calls `body` with the channel's socket. Only on its event loop.
    func withDescriptor(_ body: (Int32) throws -> Void) throws {
        let result: Void? = try self.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self, body)
        // A closed channel has none any more.
        guard result != nil else { throw ChannelError.ioOnClosedChannel }
    }
}
