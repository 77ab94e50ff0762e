import DatagramIO
import Logging
import NIOCore
import NIOPosix
import PacketPrimitives

/// Takes the connections that the clients of a server with `--tcp` disguise their datagrams as segments of.
///
/// The kernel shakes hands and then hears nothing more of them; the datagrams go through raw sockets. A connection is
/// kept while a session of its peer lives, so that there is nobody who would answer segments with a reset.
final class ConnectionListener {
    private struct Connection {
        let channel: any Channel
        let accepted: NIODeadline
    }

    private let eventLoop: any EventLoop
    private let patience: TimeAmount
    private let peers: @Sendable () -> EventLoopFuture<Set<PeerAddress>>
    private var listener: (any Channel)?
    private var connections: [PeerAddress: Connection] = [:]
    private var sweep: RepeatedTask?

    private static let sweepsPerPatience: Int64 = 4
    /// More connections than this are closed at once.
    private static let capacity = 8192

    private init(
        eventLoop: any EventLoop, patience: TimeAmount,
        peers: @escaping @Sendable () -> EventLoopFuture<Set<PeerAddress>>
    ) {
        self.eventLoop = eventLoop
        self.patience = patience
        self.peers = peers
    }

    /// Listens on `address`; fails with an `IOError` when it is taken.
    ///
    /// - Parameters:
    ///   - log: hears of connections that cannot be accepted.
    ///   - patience: how old a connection gets without a session. Flows without traffic live for 60 s (protocol 06 §10).
    ///   - peers: asks for the peers that have sessions, of all loops.
    static func open(
        on eventLoop: any EventLoop, at address: PeerAddress, log: HostLog, patience: TimeAmount = .seconds(60),
        peers: @escaping @Sendable () -> EventLoopFuture<Set<PeerAddress>>
    ) -> EventLoopFuture<NIOLoopBound<ConnectionListener>> {
        eventLoop.flatSubmit {
            let listener = NIOLoopBound(
                ConnectionListener(eventLoop: eventLoop, patience: patience, peers: peers), eventLoop: eventLoop)
            return listener.value.open(at: address, log: log, listener).map { listener }
        }
    }

    private func open(
        at address: PeerAddress, log: HostLog, _ bound: NIOLoopBound<ConnectionListener>
    ) -> EventLoopFuture<Void> {
        ServerBootstrap(group: self.eventLoop)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.withDescriptor(MutedConnection.prepare)
                    try channel.pauseAfterFailedAccepts(log.noteFailedAccept)
                }
            }
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.withDescriptor(MutedConnection.seal)
                    bound.value.accept(channel)
                }
            }
            .bind(to: address.socketAddress)
            .map { channel in
                bound.value.listener = channel
                bound.value.startSweeping()
            }
    }

    var localAddress: PeerAddress? { self.listener?.localAddress?.peerAddress }

    func close() {
        self.sweep?.cancel()
        self.listener?.close(promise: nil)
        for connection in self.connections.values { connection.channel.close(promise: nil) }
    }

    // MARK: Connections

    private func accept(_ channel: any Channel) {
        guard let peer = channel.remoteAddress?.peerAddress?.unmapped else { return channel.close(promise: nil) }
        guard self.connections.count < Self.capacity else { return channel.close(promise: nil) }
        // The one before is dead: its peer uses the port anew.
        self.connections[peer]?.channel.close(promise: nil)
        self.connections[peer] = Connection(channel: channel, accepted: .now())
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.forget(peer, channel) }
    }

    private func forget(_ peer: PeerAddress, _ channel: any Channel) {
        if self.connections[peer]?.channel === channel { self.connections[peer] = nil }
    }

    private func startSweeping() {
        self.sweep = self.eventLoop.assumeIsolated().scheduleRepeating(
            every: .nanoseconds(self.patience.nanoseconds / Self.sweepsPerPatience)
        ) {
            self.peers().hop(to: self.eventLoop).assumeIsolated().whenSuccess { self.closeIdle(except: $0) }
        }
    }

    private func closeIdle(except peers: Set<PeerAddress>) {
        let limit = NIODeadline.now() - self.patience
        for (peer, connection) in self.connections where connection.accepted < limit && !peers.contains(peer) {
            connection.channel.close(promise: nil)
        }
    }
}
