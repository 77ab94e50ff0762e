/// Looks at the counters while a file is on its way.
struct DemoWatch: Sendable {
    let direction: DemoDirection
    let byteCount: Int
    let tunnel: DemoTunnel
    private let meter: PingMeter
    private let arrived: ArrivedBytes
    private let before: DemoCounters
    private let firstPing: Int
    private let clock = ContinuousClock()

    /// `before` is what was counted before the file.
    init(
        direction: DemoDirection, byteCount: Int, tunnel: DemoTunnel, meter: PingMeter, arrived: ArrivedBytes,
        before: DemoCounters
    ) {
        self.direction = direction
        self.byteCount = byteCount
        self.tunnel = tunnel
        self.meter = meter
        self.arrived = arrived
        self.before = before
        self.firstPing = meter.count
    }

    /// Shows a status line again and again, until the task is cancelled.
    func show(on display: DemoDisplay) async {
        var (time, byteCount) = (self.clock.now, 0)
        while (try? await self.clock.sleep(for: display.interval)) != nil {
            let (now, arrived) = (self.clock.now, self.arrived.value)
            let rate = Double(arrived - byteCount) / 125_000 / ((now - time) / .seconds(1))
            let line = await self.status(arrived: arrived, megabitsPerSecond: rate)
            guard !Task.isCancelled else { return }
            display.showStatus(line.text)
            (time, byteCount) = (now, arrived)
        }
    }

    private func status(arrived: Int, megabitsPerSecond: Double) async -> DemoStatusLine {
        let (traffic, returnTraffic) = await self.traffic()
        return DemoStatusLine(
            direction: self.direction, arrivedByteCount: arrived, byteCount: self.byteCount,
            megabitsPerSecond: megabitsPerSecond, traffic: traffic, returnTraffic: returnTraffic,
            ping: self.meter.summary(from: self.firstPing))
    }

    /// The figures of the whole transfer, when it has ended.
    func transfer(seconds: Double, digests: DemoDigests) async -> DemoTransfer {
        let (traffic, returnTraffic) = await self.traffic()
        return DemoTransfer(
            byteCount: self.byteCount, seconds: seconds, traffic: traffic, returnTraffic: returnTraffic,
            ping: self.meter.summary(from: self.firstPing), digests: digests)
    }

    /// What has happened since the file began, in its direction and in the other one.
    private func traffic() async -> (DemoTraffic, DemoTraffic) {
        let now = await self.tunnel.counters()
        let back = self.direction.opposite
        return (now[self.direction] - self.before[self.direction], now[back] - self.before[back])
    }
}
