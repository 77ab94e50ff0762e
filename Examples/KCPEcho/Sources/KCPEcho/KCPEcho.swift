import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `KCPEcho [server PORT | client HOST PORT] [--loss PERCENT]`; without a role both, in one process.
@main
struct KCPEcho {
    private static let byteCount = 1_000_000
    /// A whole window of datagrams should fit.
    private static let socketBufferByteCount: ChannelOptions.Types.SocketOption.Value = 1 << 20

    static func main() async throws {
        var words = Array(CommandLine.arguments.dropFirst())
        var link = LossyLink()
        if let index = words.firstIndex(of: "--loss"), index + 1 < words.count, let percent = Int(words[index + 1]) {
            link.lossPercent = percent
            words.removeSubrange(index...index + 1)
        }
        switch (words.first, words.count) {
        case (nil, _):
            let server = try await self.startServer(host: "127.0.0.1", port: 0, link)
            guard let address = server.localAddress else { throw ChannelError.unknownLocalAddress }
            try await self.runClient(address, link)
            try await server.close()
        case ("server", 2):
            let server = try await self.startServer(host: "::", port: Int(words[1]) ?? 0, link)
            print("listening on \(server.localAddress.map { "\($0)" } ?? "?")")
            try await server.closeFuture.get()
        case ("client", 3):
            try await self.runClient(.makeAddressResolvingHost(words[1], port: Int(words[2]) ?? 0), link)
        default:
            print("usage: KCPEcho [server PORT | client HOST PORT] [--loss PERCENT]")
            exit(64)
        }
    }

    private static func startServer(host: String, port: Int, _ link: LossyLink) async throws -> any Channel {
        try await DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.socketOption(.so_rcvbuf), value: self.socketBufferByteCount)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EchoServer(link: link))
                }
            }
            .bind(host: host, port: port).get()
    }

    /// Runs the echo once; ends the process with 1 if something else comes back.
    private static func runClient(_ server: SocketAddress, _ link: LossyLink) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let message = ByteBuffer(bytes: (0..<self.byteCount).map { _ in UInt8.random(in: 0...255) })
        let promise = group.next().makePromise(of: EchoResult.self)
        let channel = try await DatagramBootstrap(group: group)
            .channelOption(.socketOption(.so_rcvbuf), value: self.socketBufferByteCount)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let client = EchoClient(server: server, link: link, message: message, result: promise)
                    try channel.pipeline.syncOperations.addHandler(client)
                }
            }
            .bind(host: server.protocol == .inet6 ? "::" : "0.0.0.0", port: 0).get()
        let result = try await promise.futureResult.get()
        print(
            "\(result.byteCount) bytes came back \(result.isSame ? "as they were sent" : "WRONG"),",
            "\(result.retransmittedSegmentCount) segments had to be sent again")
        try await channel.close()
        if !result.isSame { exit(1) }
    }
}
