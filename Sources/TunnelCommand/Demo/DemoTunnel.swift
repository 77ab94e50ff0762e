import ArgumentParser
import DatagramIO
import LinkRelay
import Logging
import NIOCore
import NIOPosix
import PacketPrimitives
import TunnelRuntime

/// A client, a bad link and a server in one process: both programs as they always are, started with command lines,
/// and talking through sockets of 127.0.0.1.
struct DemoTunnel: Sendable {
    let commandLines: DemoCommandLines
    /// The TCP port of 127.0.0.1 where applications connect to the client.
    let entrance: UInt16
    private let server: any RunningHost
    private let relay: LinkRelay
    private let client: any RunningHost

    /// - Throws: what the programs have against their command lines or what they cannot get from the system.
    static func start(_ scenario: DemoScenario, target: UInt16) async throws -> DemoTunnel {
        let (entrance, exit) = (try await FreePort.tcp(), try FreePort.udp())
        let relay = try LinkRelay(
            LinkRelay.Configuration(
                serverPort: exit, towardServer: scenario.link, towardClients: scenario.link, seed: scenario.seed))
        let lines = DemoCommandLines(scenario, entrance: entrance, link: relay.port, exit: exit, target: target)
        return DemoTunnel(
            commandLines: lines, entrance: entrance,
            server: try await Self.start(ServerProgram.self, lines.server), relay: relay,
            client: try await Self.start(ClientProgram.self, lines.client))
    }

    /// Starts a program; only its warnings and errors are shown.
    private static func start<P: Program>(_ program: P.Type, _ arguments: [String]) async throws -> any RunningHost {
        let log = TunnelLog(sink: .standardError, level: .warning, isQuiet: true)
        guard case .run(let loaded) = try OptionReader<P.Options>(environment: [:]).read(arguments) else {
            preconditionFailure("the command lines ask for nothing else")
        }
        return try await program.start(try ProgramState<P>(loaded).settings, log: log)
    }

    /// What all three have counted.
    func counters() async -> DemoCounters {
        DemoCounters(
            client: await self.client.statistics(), server: await self.server.statistics(),
            link: self.relay.statistics)
    }

    /// Ends everything, the client first.
    func stop() async {
        await self.client.shutdown()
        await self.server.shutdown()
        self.relay.stop()
    }
}

/// Ports of 127.0.0.1 that are free now.
private enum FreePort {
    static func tcp() async throws -> UInt16 {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        defer { channel.close(promise: nil) }
        return UInt16(channel.localAddress?.port ?? 0)
    }

    static func udp() throws -> UInt16 {
        let socket = try DatagramSocket.bind(to: .ipv4(0x7F00_0001, port: 0))
        defer { socket.close() }
        return socket.localAddress.port
    }
}
