import BenchmarkSupport
import LinkRelay
import NetworkSimulation
import PacketPrimitives
import TunnelCore

/// What a run needs: the relay, the programs or networks at its ends, and the services behind them. Stop it in every
/// case.
final class RigBed {
    let relay: LinkRelay
    private let tunnel: Tunnel?
    private let namespaces: NamespacePair?
    private let target: TargetServer
    /// Where our programs tell what they have counted; 0 where the program is not ours.
    private let metricsPorts: (client: UInt16, server: UInt16)

    /// On a bad link the first answer may take several attempts.
    private static let patience = 40.0
    /// Of the applications' connections to the programs. BBR, which many machines have as their default, would send at
    /// the rate at which the tunnel has been taking bytes, so that the tunnel's queues run empty.
    private static let localCongestionControl = "cubic"

    init(_ run: RigRun) throws(BenchmarkError) {
        let outline = run.outline
        let target = TargetServer(listener: try .listening(congestionControl: Self.localCongestionControl))
        self.target = target
        self.namespaces = try run.congestionControl.map { name throws(BenchmarkError) in
            try NamespacePair(congestionControl: name)
        }
        let devices = self.namespaces?.devices
        guard var client = run.end(.client), var server = run.end(.server) else {
            self.tunnel = nil
            self.metricsPorts = (0, 0)
            self.relay = try Self.makeRelay(outline, serverPort: 0, devices)
            return
        }
        self.metricsPorts = (try Self.addMetrics(to: &client, run), try Self.addMetrics(to: &server, run))
        var relay: LinkRelay?
        self.tunnel = try Tunnel(
            client: client, count: outline.pattern.tunnels.count, server: server, toPort: target.port,
            logFolder: run.logFolder, patience: Self.patience
        ) { port throws(BenchmarkError) in
            let made = try Self.makeRelay(outline, serverPort: port, devices)
            relay = made
            return made.port
        }
        guard let relay else { preconditionFailure("a tunnel asks for its way") }
        self.relay = relay
    }

    func stop() {
        self.tunnel?.stop()
        self.relay.stop()
        self.target.stop()
        self.namespaces?.target.stop()
    }

    var usage: Usage { Usage(of: self.tunnel) }

    func requireAlive() throws(BenchmarkError) { try self.tunnel?.requireAlive() }

    private static func makeRelay(
        _ outline: RunOutline, serverPort: UInt16, _ devices: (client: Int32, server: Int32)?
    ) throws(BenchmarkError) -> LinkRelay {
        let start = Instant(microseconds: 0)
        var configuration = LinkRelay.Configuration(
            serverPort: serverPort, towardServer: outline.scenario.conditions(.up, start: start),
            towardClients: outline.scenario.conditions(.down, start: start), seed: outline.seed)
        configuration.devices = devices.map { LinkRelay.Devices(client: $0.client, server: $0.server) }
        configuration.hostCount = max(1, Set(outline.pattern.tunnels.map(\.host)).count)
        configuration.isUrgent = true
        do {
            return try LinkRelay(configuration)
        } catch {
            throw .tunnel("\(error)")
        }
    }

    private static func addMetrics(to end: inout TunnelEnd, _ run: RigRun) throws(BenchmarkError) -> UInt16 {
        // Several clients could not share a port.
        guard end.path.hasPrefix(run.folders.ours), run.outline.pattern.tunnels.count == 1 else { return 0 }
        let port = try FreePort.next()
        end.options += ["-metrics", "127.0.0.1:\(port)"]
        return port
    }

    // MARK: Use

    /// Changes, of what the link does, what is counted from the start of the run.
    func start(_ scenario: LinkScenario, at start: Instant) {
        self.relay.change(
            towardServer: scenario.conditions(.up, start: start),
            towardClients: scenario.conditions(.down, start: start))
    }

    /// A connection to the service, through a tunnel or without one, and the service.
    func connect(throughTunnel number: Int?) throws(BenchmarkError) -> (StreamSocket, TargetServer) {
        if let number, let tunnel {
            let endpoint = Endpoint(port: tunnel.ports[number])
            return (
                try .connected(to: endpoint, congestionControl: Self.localCongestionControl), self.target
            )
        }
        guard let namespaces else { preconditionFailure("no way without a tunnel") }
        return (try namespaces.connect(), namespaces.target)
    }

    /// What the programs have counted for the transfer in one direction, as far as they are ours.
    func segments(_ direction: LinkDirection, into counters: inout RunCounters) {
        let (sender, receiver) =
            direction == .up
            ? (self.metricsPorts.client, self.metricsPorts.server)
            : (self.metricsPorts.server, self.metricsPorts.client)
        counters.repetitionCount = receiver == 0 ? nil : ProgramCounters(port: receiver)?.repetitionCount
        guard sender != 0, let sent = ProgramCounters(port: sender) else { return }
        counters.retransmissionCount = sent.retransmissionCount
        counters.segmentCount = sent.transmissionCount - min(sent.retransmissionCount, sent.transmissionCount)
    }
}
