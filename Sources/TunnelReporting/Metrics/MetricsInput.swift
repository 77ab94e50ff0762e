package import DatagramIO
package import TunnelCore
package import TunnelRuntime

/// Which program tells about itself.
package struct ProgramIdentity: Hashable, Sendable {
    /// Such as `kcptun-server`.
    package var name: String
    package var version: String
    /// When it was started, seconds since 1970.
    package var startTime: Double

    package init(name: String, version: String, startTime: Double) {
        self.name = name
        self.version = version
        self.startTime = startTime
    }
}

/// What metrics are read from: a host's snapshot, some sums over its sessions, and the process.
package struct MetricsInput: Sendable {
    package let program: ProgramIdentity
    package let process: ProcessFigures
    package let snapshot: HostSnapshot
    /// The streams of all sessions.
    package let streams: StreamCensus
    /// What the sessions hold.
    package let memory: SessionFigures.Memory
    /// The same with what connections cost, as it counts for the limit.
    package let heldMemory: MemoryFigures
    package let lag: LagHistogram
    /// Round-trip times of the sessions that have measured one, seconds, the smallest first.
    package let smoothedRoundTrips: [Double]
    package let minimumRoundTrips: [Double]

    package init(program: ProgramIdentity, process: ProcessFigures, snapshot: HostSnapshot) {
        self.program = program
        self.process = process
        self.snapshot = snapshot
        self.streams = snapshot.sessions.reduce(into: StreamCensus()) { $0 += $1.streams }
        self.memory = snapshot.sessions.reduce(into: SessionFigures.Memory()) { $0 += $1.figures.memory }
        self.heldMemory = snapshot.heldMemory
        self.lag = snapshot.loops.reduce(into: LagHistogram()) { $0 += $1.lag }
        let roundTrips = snapshot.sessions.compactMap(\.figures.roundTrip)
        self.smoothedRoundTrips = roundTrips.map { Double($0.smoothed) / 1000 }.sorted()
        self.minimumRoundTrips = roundTrips.map { Double($0.minimum) / 1000 }.sorted()
    }

    /// Sums over all sessions that there ever were.
    package var sessions: SessionStatistics { self.snapshot.totals.sessions }
    package var ingress: IngressCounters { self.snapshot.totals.ingress }
    package var socket: DatagramStatistics { self.snapshot.totals.socket }

    func sessionCount(_ state: SessionState) -> Double {
        Double(self.snapshot.sessions.count { $0.state == state })
    }
}

extension [Double] {
    /// The value in the middle of sorted ones; of two the greater.
    var median: Double? { self.isEmpty ? nil : self[self.count / 2] }
}
