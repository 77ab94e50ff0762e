/// The demo from the first socket to the result.
struct DemoRun: Sendable {
    let scenario: DemoScenario
    let display: DemoDisplay
    private let arrived = ArrivedBytes()
    private let meter = PingMeter()
    private let clock = ContinuousClock()

    /// How long the ping has the tunnel for itself.
    private static let idleTime = Duration.seconds(1)

    init(scenario: DemoScenario, display: DemoDisplay) {
        self.scenario = scenario
        self.display = display
    }

    func run() async throws -> DemoResult {
        let start = self.clock.now
        let target = try await DemoTarget.listen(arrived: self.arrived)
        let tunnel = try await DemoTunnel.start(self.scenario, target: target.port)
        self.display.show(DemoIntroduction.text(self.scenario, tunnel.commandLines))
        var result = try await withThrowingTaskGroup { group in
            group.addTask { try await target.serve() }
            group.addTask { try await PingStream(meter: self.meter).run(entrance: tunnel.entrance) }
            let result = try await self.load(tunnel)
            group.cancelAll()
            return result
        }
        await tunnel.stop()
        result.seconds = (self.clock.now - start) / .seconds(1)
        return result
    }

    private func load(_ tunnel: DemoTunnel) async throws -> DemoResult {
        try await self.clock.sleep(for: Self.idleTime)
        let idlePing = self.meter.summary()
        let up = try await self.carry(.up, through: tunnel)
        let down = try await self.carry(.down, through: tunnel)
        return DemoResult(scenario: self.scenario, idlePing: idlePing, up: up, down: down, seconds: 0)
    }

    private func carry(_ direction: DemoDirection, through tunnel: DemoTunnel) async throws -> DemoTransfer {
        self.arrived.reset()
        let watch = DemoWatch(
            direction: direction, byteCount: self.scenario.byteCount, tunnel: tunnel, meter: self.meter,
            arrived: self.arrived, before: await tunnel.counters())
        let start = self.clock.now
        let digests = try await self.transfer(direction, watch)
        let seconds = (self.clock.now - start) / .seconds(1)
        self.display.endStatus()
        return await watch.transfer(seconds: seconds, digests: digests)
    }

    /// Carries the file, and shows meanwhile how it goes.
    private func transfer(_ direction: DemoDirection, _ watch: DemoWatch) async throws -> DemoDigests {
        let transfers = DemoTransfers(entrance: watch.tunnel.entrance, arrived: self.arrived)
        let seed = self.scenario.seed ^ (direction == .up ? 0 : .max)
        let display = Task { await watch.show(on: self.display) }
        defer { display.cancel() }
        return try await transfers.carry(direction, seed: seed, byteCount: self.scenario.byteCount)
    }
}
