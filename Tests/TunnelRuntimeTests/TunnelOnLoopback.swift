import Ciphers
import DatagramIO
import KCP
import NIOCore
import NIOPosix
import PacketPrimitives
import Smux
import Synchronization
import TunnelCore

@testable import TunnelRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A client, a server and a target in this process, for what cannot be seen from outside of a program.
struct TunnelOnLoopback: Sendable {
    let client: ClientHost
    let server: ServerHost
    let target: SlowTarget
    let log = RecordingLog()

    /// - Parameter memoryLimit: of each end, bytes.
    init(
        memoryLimit: Int = .max, smuxVersion: Int = 2, rules: SendingRules = .original, connections: Int = 1
    ) async throws {
        self.target = try await SlowTarget()
        let port = try Self.freePort()
        self.server = try await ServerHost.start(
            ServerConfiguration(
                host: try Self.configuration(.server, memoryLimit, smuxVersion, rules),
                listen: try PortRange("127.0.0.1:\(port)"), target: .unix(path: self.target.path)),
            log: self.log.hostLog)
        self.client = try await ClientHost.start(
            ClientConfiguration(
                host: try Self.configuration(.client, memoryLimit, smuxVersion, rules),
                listen: .tcp(host: "127.0.0.1", port: 0), remotes: [try PortRange("127.0.0.1:\(port)")],
                connections: connections),
            log: self.log.hostLog)
    }

    private static let socketOptions = DatagramSocketOptions(
        sendBufferByteCount: 1 << 20, receiveBufferByteCount: 1 << 20)

    private static func freePort() throws -> UInt16 {
        let socket = try DatagramSocket.bind(to: .ipv4(0x7F00_0001, port: 0), options: Self.socketOptions)
        defer { socket.close() }
        return socket.localAddress.port
    }

    private static func configuration(
        _ role: TunnelRole, _ memoryLimit: Int, _ smuxVersion: Int, _ rules: SendingRules
    ) throws -> HostConfiguration {
        var session = SessionConfiguration(
            role: role, cipher: .null, derivedKey: KeyDerivation.derive(from: "key"), dataShards: 0,
            parityShards: 0, mtu: 1350,
            conversation: KCP.Configuration(
                mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: 1024, receiveWindow: 1024),
            multiplexer: try Smux.Configuration(version: smuxVersion), usesCompression: false)
        session.rules = rules
        return HostConfiguration(
            session: session, socket: Self.socketOptions, loopCount: 2, closeWait: 300, memoryLimit: memoryLimit)
    }

    /// What the two ends hold at the moment, the client first.
    var heldMemory: [MemoryFigures] {
        get async { [await self.client.snapshot().heldMemory, await self.server.snapshot().heldMemory] }
    }

    /// A connection to the client. It does not read.
    func connect() async throws -> any Channel {
        let address = self.client.localAddress
        guard let (host, port) = HostPort.split(address), let number = Int(port) else { throw ChannelError.eof }
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: host, port: number).get()
    }

    func shutdown() async {
        await self.client.shutdown()
        await self.server.shutdown()
        try? await self.target.listener.close().get()
        unlink(self.target.path)
    }
}

/// A target that reads nothing before it is told to, and looks then whether it gets what `text` says.
final class SlowTarget: Sendable {
    /// What the connections have brought so far.
    struct Tally {
        var connectionCount = 0
        var byteCount = 0
        var finishedCount = 0
        var hasWrongBytes = false
    }

    let listener: any Channel
    /// A Unix socket, of whose bytes the kernel takes few before they are read.
    let path: String
    private let gate: Gate

    fileprivate final class Gate: Sendable {
        struct State {
            var isOpen = false
            var channels: [any Channel] = []
            var tally = Tally()
        }

        let state = Mutex(State())
    }

    init() async throws {
        let gate = Gate()
        self.gate = gate
        self.path = "/tmp/kcptun-target-\(UInt64.random(in: 0 ... .max))"
        self.listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Reader(gate: gate))
                }
            }
            .bind(unixDomainSocketPath: self.path).get()
    }

    var tally: Tally { self.gate.state.withLock { $0.tally } }

    /// Reads from now on.
    func open() {
        let channels = self.gate.state.withLock { state in
            state.isOpen = true
            return state.channels
        }
        for channel in channels { channel.setOption(.autoRead, value: true).whenComplete { _ in channel.read() } }
    }

    /// What the connection number `number` sends.
    static func text(of number: UInt8, _ range: Range<Int>) -> [UInt8] {
        range.map { $0 == 0 ? number : UInt8(truncatingIfNeeded: Int(number) &* 31 &+ $0 &* 7 &+ $0 >> 9) }
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let gate: Gate
        private var number: UInt8?
        private var position = 0

        init(gate: Gate) { self.gate = gate }

        func channelActive(context: ChannelHandlerContext) {
            let isOpen = self.gate.state.withLock { state in
                state.tally.connectionCount += 1
                state.channels.append(context.channel)
                return state.isOpen
            }
            if isOpen { _ = context.channel.setOption(.autoRead, value: true) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(self.unwrapInboundIn(data).readableBytesView)
            let number = self.number ?? bytes[0]
            self.number = number
            let isRight = bytes == SlowTarget.text(of: number, self.position..<self.position + bytes.count)
            self.position += bytes.count
            self.gate.state.withLock { state in
                state.tally.byteCount += bytes.count
                if !isRight { state.tally.hasWrongBytes = true }
            }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard case .inputClosed? = event as? ChannelEvent else { return }
            self.gate.state.withLock { $0.tally.finishedCount += 1 }
            context.close(promise: nil)
        }
    }
}

/// Looks every few milliseconds until `condition` holds; `false` after `seconds`.
func becomesTrue(within seconds: Int = 60, _ condition: () async -> Bool) async throws -> Bool {
    for _ in 0..<seconds * 100 {
        if await condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}
