import Ciphers
package import DatagramIO
package import NIOCore
import NIOPosix
import PacketPrimitives
import TunnelCore

/// A running server: ports for datagrams in, target connections out.
///
/// With more than one event loop, each loop has its own socket per port; the kernel divides the clients between them
/// (`HostConfiguration.flowDivision`), so a session stays on one loop.
package final class ServerHost: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let contexts: [NIOLoopBound<LoopContext>]
    private let ports: [NIOLoopBound<ServerPort>]
    private let listeners: [NIOLoopBound<ConnectionListener>]
    /// What the kernel gave less than was asked for.
    package let bufferShortfalls: [BufferShortfall]

    private init(
        group: MultiThreadedEventLoopGroup, contexts: [NIOLoopBound<LoopContext>],
        ports: [NIOLoopBound<ServerPort>], listeners: [NIOLoopBound<ConnectionListener>],
        bufferShortfalls: [BufferShortfall]
    ) {
        self.group = group
        self.contexts = contexts
        self.ports = ports
        self.listeners = listeners
        self.bufferShortfalls = bufferShortfalls
    }

    /// Binds all ports and serves them.
    /// - Throws: `SystemError` when a port cannot be bound, a resolver error when the host has no address.
    package static func start(_ configuration: ServerConfiguration, log: HostLog) async throws -> ServerHost {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.host.loopCount)
        do {
            return try await self.start(configuration, on: group, log: log)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func start(
        _ configuration: ServerConfiguration, on group: MultiThreadedEventLoopGroup, log: HostLog
    ) async throws -> ServerHost {
        let contexts = try await LoopContext.make(on: Array(group.makeIterator()), configuration.host)
        var ports: [NIOLoopBound<ServerPort>] = []
        var listeners: [NIOLoopBound<ConnectionListener>] = []
        let register = ConversationRegister()
        for number in configuration.listen.ports {
            let address = try await AddressResolver.bindAddress(
                configuration.listen.host, port: number, on: group.next()
            ).get()
            try Self.checkIsFree(address, options: configuration.host.socket)
            let directory = ConversationDirectory(register)
            for context in contexts {
                ports.append(try await Self.open(address, on: context, configuration, log, directory))
            }
            if configuration.host.disguisesAsTCP {
                let disguised = try await DisguisedPort.open(address, on: contexts, configuration, log, register)
                ports += disguised.ports
                listeners.append(disguised.listener)
            }
        }
        let first = ports[0]
        let shortfalls = try await first.eventLoop.submit { first.value.bufferShortfalls }.get()
        return ServerHost(
            group: group, contexts: contexts, ports: ports, listeners: listeners, bufferShortfalls: shortfalls)
    }

    /// The loops' sockets share their port, and would share it with a second server too, each with half of the clients.
    /// A socket that does not share finds that out.
    private static func checkIsFree(_ address: PeerAddress, options: DatagramSocketOptions) throws {
        try DatagramSocket.bind(to: address, options: options).close()
    }

    private static func open(
        _ address: PeerAddress, on context: NIOLoopBound<LoopContext>, _ configuration: ServerConfiguration,
        _ log: HostLog, _ directory: ConversationDirectory
    ) async throws -> NIOLoopBound<ServerPort> {
        var options = configuration.host.socket
        let loopCount = configuration.host.loopCount
        if loopCount > 1 { options.sharing = PortSharing(socketCount: loopCount, configuration.host.flowDivision) }
        return try await ServerPort.open(on: context, configuration, log, directory) { [options] in
            try DatagramSocket.bind(to: address, options: options)
        }
    }

    /// What all loops have counted.
    package func statistics() async -> HostStatistics {
        await HostStatistics.sum(self.ports) { $0.statistics }
    }

    /// What all loops can tell, with each session.
    package func snapshot() async -> HostSnapshot {
        await HostSnapshot.take(.server, loops: self.contexts, parts: self.ports) { $0.add(to: &$1) }
    }

    /// Takes other settings over. Listening addresses and socket options stay as they are.
    package func update(_ configuration: ServerConfiguration) async {
        for context in self.contexts {
            // A loop and its ports change in one step: a port must know which of its sessions have another key now.
            let ports = self.ports.filter { $0.eventLoop === context.eventLoop }
            try? await context.eventLoop.submit {
                context.value.update(configuration.host)
                for port in ports { port.value.update(configuration) }
            }.get()
        }
    }

    /// Calls `body`, on whatever thread, when an event loop has come to rest after some work.
    package func whenAtRest(_ body: @escaping @Sendable () -> Void) async {
        for context in self.contexts { try? await context.eventLoop.submit { context.value.atRest = body }.get() }
    }

    /// Takes nothing new, and brings to an end what there is; returns what is left when the time is up or the task is
    /// cancelled.
    package func leave(within limit: TimeAmount) async -> LeavingProgress {
        await Departure(parts: self.ports, limit: limit).run()
    }

    /// Ends all sessions and closes all ports.
    package func shutdown() async {
        for listener in self.listeners { try? await listener.eventLoop.submit { listener.value.close() }.get() }
        for port in self.ports { try? await port.eventLoop.submit { port.value.close() }.get() }
        try? await self.group.shutdownGracefully()
    }
}

extension ServerPort {
    /// Opens a port on a loop.
    static func open(
        on context: NIOLoopBound<LoopContext>, _ configuration: ServerConfiguration, _ log: HostLog,
        _ directory: ConversationDirectory,
        makeCarrier: @escaping @Sendable () throws -> any DatagramCarrier
    ) async throws -> NIOLoopBound<ServerPort> {
        let eventLoop = context.eventLoop
        return try await eventLoop.flatSubmit {
            let port = ServerPort(
                loop: context.value, configuration: configuration, log: log, directory: directory,
                makeCarrier: makeCarrier)
            let bound = NIOLoopBound(port, eventLoop: eventLoop)
            do { return try port.open().map { bound } } catch { return eventLoop.makeFailedFuture(error) }
        }.get()
    }
}

extension LoopContext {
    /// One context per loop.
    static func make(
        on loops: [any EventLoop], _ configuration: HostConfiguration
    ) async throws -> [NIOLoopBound<LoopContext>] {
        let memory = MemoryLimit(byteCount: configuration.memoryLimit, loopCount: loops.count)
        var contexts: [NIOLoopBound<LoopContext>] = []
        let secret = ReplayWindow.Secret(SystemRandomSource())
        for loop in loops {
            let context = try await loop.submit {
                NIOLoopBound(
                    LoopContext(
                        eventLoop: loop, configuration: configuration.session, random: SystemRandomSource(),
                        secret: secret, memory: memory),
                    eventLoop: loop)
            }.get()
            contexts.append(context)
        }
        return contexts
    }
}
