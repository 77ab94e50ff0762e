import NIOCore
import NIOPosix
import PacketPrimitives

/// Opens connections to a server's target.
enum StreamDialer {
    static func dial(_ target: StreamAddress, on loop: LoopContext, handler: StreamPump) -> EventLoopFuture<any Channel>
    {
        let handler = NIOLoopBound(handler, eventLoop: loop.eventLoop)
        let bootstrap = ClientBootstrap(group: loop.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.recvAllocator, value: StreamChannelOptions.receiveAllocator)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    StreamChannelOptions.apply(to: channel)
                    try channel.pipeline.syncOperations.addHandler(handler.value)
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
}

/// What accepted and dialled stream channels have in common.
enum StreamChannelOptions {
    /// Bytes per read of a TCP socket: what thousands of small connections need is little, what bulk needs is much.
    static var receiveAllocator: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 4096, maximum: 128 * 1024)
    }

    /// The socket options that Go's runtime sets (protocol 05 §3). Unix sockets have none of them.
    static func apply(to channel: any Channel) {
        guard let options = channel.syncOptions, channel.localAddress?.protocol != .unix else { return }
        try? options.setOption(.tcpOption(.tcp_nodelay), value: 1)
        try? options.setOption(.socketOption(.so_keepalive), value: 1)
    }
}
