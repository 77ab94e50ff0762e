import DatagramIO
package import NIOCore
import NIOPosix
import PacketPrimitives
import TunnelCore

/// A running client: local connections in, sessions to the server out.
package final class ClientHost: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let contexts: [NIOLoopBound<LoopContext>]
    private let loops: [NIOLoopBound<ClientLoop>]
    private let remotes: ClientRemotes
    private let listener: any Channel
    private let socketFile: SocketFile?

    private init(
        group: MultiThreadedEventLoopGroup, contexts: [NIOLoopBound<LoopContext>], loops: [NIOLoopBound<ClientLoop>],
        remotes: ClientRemotes, listener: any Channel
    ) {
        self.group = group
        self.contexts = contexts
        self.loops = loops
        self.remotes = remotes
        self.listener = listener
        self.socketFile = listener.localAddress?.pathname.flatMap { SocketFile(path: $0) }
    }

    /// Listens for local connections; sessions are made when the first one needs them.
    /// - Throws: `IOError` when the address is taken or not ours.
    package static func start(
        _ configuration: ClientConfiguration, log: HostLog, lookup: NameLookup = .system
    ) async throws -> ClientHost {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.loopCount)
        do {
            return try await self.start(configuration, on: group, log: log, lookup: lookup)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func start(
        _ configuration: ClientConfiguration, on group: MultiThreadedEventLoopGroup, log: HostLog, lookup: NameLookup
    ) async throws -> ClientHost {
        let eventLoops = Array(group.makeIterator())
        let contexts = try await LoopContext.make(on: eventLoops, configuration.host)
        let remotes = ClientRemotes(configuration.remotes, lookup: lookup, log: log)
        var loops: [NIOLoopBound<ClientLoop>] = []
        for (index, context) in contexts.enumerated() {
            let slotCount = (configuration.connections - index + contexts.count - 1) / contexts.count
            let loop = try await context.eventLoop.submit {
                NIOLoopBound(
                    ClientLoop(
                        loop: context.value, configuration: configuration, remotes: remotes, slotCount: slotCount,
                        log: log),
                    eventLoop: context.eventLoop)
            }.get()
            loops.append(loop)
        }
        let listener = try await Self.listen(configuration.listen, on: group, loops: loops, log: log)
        return ClientHost(group: group, contexts: contexts, loops: loops, remotes: remotes, listener: listener)
    }

    /// The group hands accepted connections to its loops in turn, and each loop to its slots, so that a stream and its
    /// session share a loop.
    private static func listen(
        _ address: StreamAddress, on group: MultiThreadedEventLoopGroup, loops: [NIOLoopBound<ClientLoop>], log: HostLog
    ) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pauseAfterFailedAccepts(log.noteFailedAccept) }
            }
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                let loop = loops.first { $0.eventLoop === channel.eventLoop }!
                return channel.eventLoop.makeCompletedFuture {
                    let holder = ConnectionHolder(loop: loop.value.loop) { loop.value.accept($0, heldBy: $1) }
                    try channel.pipeline.syncOperations.addHandler(holder)
                }
            }
        return try await StreamListener.bind(bootstrap, to: address)
    }

    /// Where the client listens, as bound.
    package var localAddress: String { StreamListener.boundAddress(of: self.listener) }

    package func statistics() async -> HostStatistics {
        await HostStatistics.sum(self.loops) { $0.statistics }
    }

    /// What all loops can tell, with each session.
    package func snapshot() async -> HostSnapshot {
        await HostSnapshot.take(.client, loops: self.contexts, parts: self.loops) { $0.add(to: &$1) }
    }

    /// Takes other settings over. `renewsSessions`: they matter to sessions, so that new streams get new ones. The
    /// listening address and the number of connections stay as they are.
    package func update(_ configuration: ClientConfiguration, renewsSessions: Bool) async {
        self.remotes.update(configuration.remotes)
        for loop in self.loops {
            try? await loop.eventLoop.submit {
                loop.value.update(configuration, renewsSessions: renewsSessions)
            }.get()
        }
    }

    /// Calls `body`, on whatever thread, when an event loop has come to rest after some work.
    package func whenAtRest(_ body: @escaping @Sendable () -> Void) async {
        for loop in self.loops { try? await loop.eventLoop.submit { loop.value.loop.atRest = body }.get() }
    }

    /// Takes no more connections, and brings to an end those that there are; returns what is left when the time is up
    /// or the task is cancelled.
    package func leave(within limit: TimeAmount) async -> LeavingProgress {
        await self.stopListening()
        return await Departure(parts: self.loops, limit: limit).run()
    }

    private func stopListening() async {
        self.socketFile?.remove()
        try? await self.listener.close().get()
    }

    /// Stops listening and ends all sessions.
    package func shutdown() async {
        await self.stopListening()
        for loop in self.loops { try? await loop.eventLoop.submit { loop.value.close() }.get() }
        try? await self.group.shutdownGracefully()
    }
}
