import BenchmarkSupport
package import NetworkSimulation

/// Where events are tried: the programs, and the link between them.
package struct EventBench: Sendable {
    package var folders: ProgramFolders
    package var logFolder: String

    package init(folders: ProgramFolders, logFolder: String) {
        self.folders = folders
        self.logFolder = logFolder
    }

    /// 100 Mbit/s, a round trip of 50 ms, 1 % loss.
    package static var link: LinkConditions {
        LinkConditions(
            delayMilliseconds: 25, rate: .init(bitsPerSecond: 100_000_000, queueLimit: .milliseconds(100)),
            overheadByteCount: LinkConditions.internetOverheadByteCount, faults: [.loss(probability: 0.01)])
    }

    package static let linkName = "100 Mbit/s, round trip 50 ms, loss 1 %"

    /// Runs `body` with a tunnel to a service that does what `Request` says, or to `target`.
    func withTunnel<Result>(
        _ pair: EventPair = .ours, both: [String] = [], client: [String] = [], target: UInt16? = nil,
        _ body: (RestartableTunnel) throws(BenchmarkError) -> Result
    ) throws(BenchmarkError) -> Result {
        let service = try TargetServer()
        defer { service.stop() }
        let folder = pair == .ours ? self.folders.ours : self.folders.original
        let tunnel = try RestartableTunnel(
            client: TunnelEnd(path: "\(folder)/kcptun-client", options: both + client),
            server: TunnelEnd(path: "\(self.folders.ours)/kcptun-server", options: both),
            toPort: target ?? service.port, link: Self.link, logFolder: self.logFolder)
        defer { tunnel.stop() }
        do {
            return try body(tunnel)
        } catch {
            throw .tunnel("\(error)\n\(tunnel.logText)")
        }
    }

    /// Waits until something is true; returns whether it is.
    func waits(seconds: Double, until isTrue: () -> Bool) -> Bool {
        let limit = Nanoseconds.now + Nanoseconds(count: Int64(seconds * 1e9))
        while !isTrue() {
            guard Nanoseconds.now < limit else { return false }
            Nanoseconds.sleep(seconds: 0.01)
        }
        return true
    }
}
