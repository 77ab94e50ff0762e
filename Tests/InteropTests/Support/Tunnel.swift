import Foundation
import TestSupport

/// A server process, and the client processes that use it, all on free ports of this machine.
final class Tunnel: Sendable {
    /// Flags for both ends, and for one of them.
    struct Flags: Sendable {
        var both: [String] = []
        var client: [String] = []
        var server: [String] = []
    }

    /// What stands in front of the command line at each end, to run the program in other surroundings.
    struct Placement: Sendable {
        var client: [String] = []
        var server: [String] = []
    }

    let pair: Pair
    let flags: Flags
    let placement: Placement
    let server: ChildProcess
    let serverPort: UInt16
    private let serverHost: String
    private let serverArguments: [String]

    /// Starts the server and waits until it can be used.
    /// - Parameter portCount: the server listens on so many ports in a row. Clients use the first.
    init(
        _ pair: Pair, _ flags: Flags = Flags(both: ["-smuxver", "1"]), target: String? = nil,
        host: String = "127.0.0.1", portCount: UInt16 = 1, placement: Placement = Placement()
    ) throws {
        self.pair = pair
        self.flags = flags
        self.placement = placement
        self.serverPort = FreePort.take(portCount)
        self.serverHost = host
        let target = try target ?? Target.shared.get().address.description
        let range = portCount == 1 ? "" : "-\(self.serverPort + portCount - 1)"
        self.serverArguments = ["-l", "\(host):\(self.serverPort)\(range)", "-t", target] + flags.both + flags.server
        self.server = try Self.startServer(pair.server, placement, self.serverArguments, self.serverPort)
    }

    private static func startServer(
        _ program: Program, _ placement: Placement, _ arguments: [String], _ port: UInt16
    ) throws -> ChildProcess {
        let server = try Self.start(program, "server", placement.server, arguments)
        try server.waitForLog(["key derivation done"])
        Self.waitForDatagramPort(port, of: server)
        return server
    }

    /// A second server process in place of the first, which has been stopped.
    func startServerAgain() throws -> ChildProcess {
        try Self.startServer(self.pair.server, self.placement, self.serverArguments, self.serverPort)
    }

    /// Starts a client that listens on `address` (by default on a free port of 127.0.0.1) and sends to the server,
    /// or to `relayPort`. `flags` come behind those of the tunnel.
    func startClient(
        at address: StreamAddress? = nil, relayPort: UInt16? = nil, flags: [String] = []
    ) throws -> TunnelClient {
        let address = address ?? .ipv4(FreePort.take())
        let remote = relayPort.map { "127.0.0.1:\($0)" } ?? "\(self.serverHost):\(self.serverPort)"
        let arguments = ["-l", "\(address)", "-r", remote] + self.flags.both + self.flags.client + flags
        let process = try Self.start(self.pair.client, "client", self.placement.client, arguments)
        try process.waitForLog(["key derivation done"])
        return TunnelClient(address: address, process: process)
    }

    private static func start(
        _ program: Program, _ role: String, _ placement: [String], _ arguments: [String]
    ) throws -> ChildProcess {
        guard let path = program.path(of: role) else { throw Failure("kcptun-\(role) (\(program)) is not installed") }
        let words = placement + [path] + arguments
        return try ChildProcess(path: words[0], arguments: Array(words.dropFirst()))
    }

    /// The Go server says that it is ready just before it binds its socket.
    private static func waitForDatagramPort(_ port: UInt16, of server: ChildProcess) {
        #if os(Linux)
            let entry = ":" + String(format: "%04X", port) + " "
            _ = waitUntil(Deadline(seconds: 5)) {
                ["udp", "udp6"].contains {
                    let table = "/proc/\(server.processIdentifier)/net/\($0)"
                    return (try? String(contentsOfFile: table, encoding: .utf8))?.contains(entry) ?? false
                }
            }
        #else
            usleep(300_000)
        #endif
    }

    /// Ends the server process.
    func stop() { self.server.end() }
}

/// A client process and where it listens.
struct TunnelClient: Sendable {
    let address: StreamAddress
    let process: ChildProcess

    /// The port of its own that the session began at.
    func sessionPort() throws -> UInt16 {
        let log = self.process.standardError
        let match = log.firstMatch(of: #/on connection: 127\.0\.0\.1:([0-9]+) ->/#)
        guard let match, let port = UInt16(match.1) else { throw Failure("no session: \(log)") }
        return port
    }

    /// Runs exchanges one after another or at once, and names the first that fails.
    func run(_ exchanges: [Exchange], atOnce: Bool = false, seconds: Double) throws {
        guard atOnce else {
            for exchange in exchanges { try exchange.run(through: self.address, Deadline(seconds: seconds)) }
            return
        }
        let results = FailureList()
        let group = DispatchGroup()
        for exchange in exchanges {
            group.enter()
            let thread = Thread {
                do { try exchange.run(through: self.address, Deadline(seconds: seconds)) } catch {
                    results.add("\(error)")
                }
                group.leave()
            }
            thread.stackSize = 256 << 10
            thread.start()
        }
        group.wait()
        if let first = results.all.first {
            throw Failure("\(results.all.count) of \(exchanges.count) streams failed; one of them: \(first)")
        }
    }
}

/// What went wrong on several threads.
final class FailureList: @unchecked Sendable {
    private let lock = NSLock()
    private var texts: [String] = []

    func add(_ text: String) { self.lock.withLock { self.texts.append(text) } }
    var all: [String] { self.lock.withLock { self.texts } }
}

/// Runs `body` on a thread with a tunnel, ends the tunnel, and adds the logs of both ends to a failure.
func withTunnel<Value: Sendable>(
    _ pair: Pair, _ flags: Tunnel.Flags = Tunnel.Flags(both: ["-smuxver", "1"]), target: String? = nil,
    host: String = "127.0.0.1", listen: StreamAddress? = nil, placement: Tunnel.Placement = Tunnel.Placement(),
    _ body: @escaping @Sendable (Tunnel, TunnelClient) throws -> Value
) async throws -> Value {
    try await Limiter.tunnels.run {
        try await onThread {
            let tunnel = try Tunnel(pair, flags, target: target, host: host, placement: placement)
            defer { tunnel.stop() }
            let client = try tunnel.startClient(at: listen)
            defer { client.process.end() }
            do {
                return try body(tunnel, client)
            } catch {
                throw Failure("\(error)\n\(client.process.report)\n\(tunnel.server.report)")
            }
        }
    }
}
