import PacketPrimitives
package import TunnelRuntime

/// Gets snapshots for all who ask: one for those who ask at the same time, and at most some per second.
package actor StatusSource {
    private let program: ProgramIdentity
    private let takeSnapshot: @Sendable () async -> HostSnapshot
    private var running: Task<MetricsInput, Never>?
    private var latest: (input: MetricsInput, time: ContinuousClock.Instant)?
    /// Snapshots of the last seconds, the oldest first, to tell what has changed.
    private var history: [HostSnapshot] = []

    /// A snapshot this young is good enough for the next who asks.
    private static let freshTime = Duration.milliseconds(250)
    /// Between two snapshots of the history.
    private static let historyStepMicroseconds = 900_000
    /// What has changed is told over this time, so that findings stay long enough to be read.
    private static let spanMicroseconds = 5_000_000
    /// Changes over a longer time than this are not about now any more.
    private static let longestSpanMicroseconds = 60_000_000

    package init(program: ProgramIdentity, snapshot: @escaping @Sendable () async -> HostSnapshot) {
        self.program = program
        self.takeSnapshot = snapshot
    }

    /// What the host can tell now.
    package func input() async -> MetricsInput {
        if let latest, .now - latest.time < Self.freshTime { return latest.input }
        if let running { return await running.value }
        let task = Task { await self.takeInput() }
        self.running = task
        return await task.value
    }

    private func takeInput() async -> MetricsInput {
        let snapshot = await self.takeSnapshot()
        let input = MetricsInput(program: self.program, process: .current, snapshot: snapshot)
        self.latest = (input, .now)
        self.running = nil
        self.forgetOld(at: snapshot)
        return input
    }

    /// The same with what is wrong, in words.
    package func document() async -> StatusDocument {
        let input = await self.input()
        let findings = Diagnosis(from: self.history.first, to: input.snapshot).findings
        self.note(input.snapshot)
        return StatusDocument(input, findings: findings)
    }

    private func note(_ snapshot: HostSnapshot) {
        if let newest = self.history.last,
            snapshot.time.microseconds(since: newest.time) < Self.historyStepMicroseconds
        {
            return
        }
        self.history.append(snapshot)
        while self.history.count > 1, snapshot.time.microseconds(since: self.history[1].time) >= Self.spanMicroseconds {
            self.history.removeFirst()
        }
    }

    private func forgetOld(at snapshot: HostSnapshot) {
        self.history.removeAll { snapshot.time.microseconds(since: $0.time) > Self.longestSpanMicroseconds }
    }
}
