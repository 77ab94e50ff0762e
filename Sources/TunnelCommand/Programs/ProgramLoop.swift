import Logging
package import TunnelRuntime

/// A host that runs: what the program around it needs.
package protocol RunningHost: Sendable {
    func statistics() async -> HostStatistics
    func shutdown() async
}

extension ClientHost: RunningHost {}
extension ServerHost: RunningHost {}

/// What a program does while its host works: answers signals and writes counters.
struct ProgramLoop: Sendable {
    let host: any RunningHost
    let reports: ReportOptions
    let log: TunnelLog

    /// Returns when a signal asks the program to leave and the host has ended its work.
    func run(until signals: SignalSource) async {
        let counters = Task { await self.writeCounters() }
        loop: for await signal in signals.signals {
            switch signal {
            case .logCounters:
                let statistics = await self.host.statistics()
                self.log.logger.info("\(CounterTable.logLine(SNMPCounters(statistics)))")
            case .terminate:
                break loop
            }
        }
        counters.cancel()
        await self.host.shutdown()
    }

    /// Appends a row to `--snmplog` every period (protocol 06 §9).
    private func writeCounters() async {
        guard !self.reports.counterLogPath.isEmpty, self.reports.counterLogSeconds > 0 else { return }
        let writer = SNMPLogWriter(path: self.reports.counterLogPath)
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(self.reports.counterLogSeconds))
            guard !Task.isCancelled else { return }
            let problem = writer.append(SNMPCounters(await self.host.statistics()), at: .now())
            if let problem { self.log.logger.warning("\(problem)") }
        }
    }
}
