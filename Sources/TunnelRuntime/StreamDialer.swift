import NIOCore
import NIOPosix
import PacketPrimitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Opens connections to a server's target.
enum StreamDialer {
    /// The connection is for `give`. Of a name with several addresses more than one may be tried at the same time, so
    /// nothing belongs to a connection before it is known which.
    static func dial(_ target: StreamAddress, on loop: LoopContext) -> EventLoopFuture<any Channel> {
        let context = NIOLoopBound(loop, eventLoop: loop.eventLoop)
        let bootstrap = ClientBootstrap(group: loop.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    StreamChannelOptions.apply(to: channel, on: context.value)
                    try channel.pipeline.syncOperations.addHandler(ConnectionHolder(loop: context.value))
                }
            }
        switch target {
        case .unix(let path):
            return bootstrap.connect(unixDomainSocketPath: path)
        case .tcp(let host, let port):
            let host = host.isEmpty ? "127.0.0.1" : host
            if let address = try? SocketAddress(ipAddress: host, port: port) { return bootstrap.connect(to: address) }
            return bootstrap.connect(host: host, port: port)
        }
    }

    /// Gives a dialled connection to a pump.
    static func give(_ channel: any Channel, to pump: StreamPump) {
        do {
            pump.takeOver(channel, from: try channel.pipeline.syncOperations.handler(type: ConnectionHolder.self))
        } catch {  // It is gone already.
            pump.end()
        }
    }
}

/// What accepted and dialled stream channels have in common.
enum StreamChannelOptions {
    /// The socket options that Go's runtime sets (protocol 05 §3), which Unix sockets have none of, and where the channel
    /// reads to.
    static func apply(to channel: any Channel, on loop: LoopContext) {
        guard let options = channel.syncOptions else { return }
        try? options.setOption(.recvAllocator, value: loop.receiveAllocator)
        try? options.setOption(.maxMessagesPerRead, value: 2)
        guard channel.localAddress?.protocol != .unix else { return }
        try? options.setOption(.tcpOption(.tcp_nodelay), value: 1)
        try? options.setOption(.socketOption(.so_keepalive), value: 1)
    }

    /// Has what closes the channel tell the other side that not everything has come: a reset instead of an end.
    static func resetOnClose(_ channel: any Channel) {
        (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            .assumeIsolated().whenFailure { _ in }  // A Unix socket ends in one way only.
    }

    /// Lets the channel read once whenever there is something, with the loop's memory (`SharedReceiveAllocator`).
    static func readOnce(_ channel: any Channel) { try? channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1) }
}
