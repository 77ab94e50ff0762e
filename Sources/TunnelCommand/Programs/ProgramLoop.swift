import Logging
package import NIOCore
package import TunnelRuntime

/// A host that runs: what the program around it needs.
package protocol RunningHost: Sendable {
    func statistics() async -> HostStatistics
    func snapshot() async -> HostSnapshot
    /// Takes nothing new and brings to an end what there is; returns what is left when the time is up or the task is
    /// cancelled.
    func leave(within limit: TimeAmount) async -> LeavingProgress
    func shutdown() async
    /// Calls `body`, on whatever thread, when an event loop has come to rest after some work.
    func whenAtRest(_ body: @escaping @Sendable () -> Void) async
}

extension ClientHost: RunningHost {}
extension ServerHost: RunningHost {}

/// What a program does while its host works: answers signals, writes counters, tells the service manager how it is.
actor ProgramLoop<P: Program> {
    private let host: P.Host
    private let control: ControlLoop
    private let log: TunnelLog
    private let manager: ServiceManager
    private var state: ProgramState<P>
    /// Goes on with other settings after a reload.
    private var counterWriting: Task<Void, Never>?
    private let terminal = ControllingTerminal()

    /// How long a program that leaves has at least for delivering what it has accepted.
    private static var leastLeavingSeconds: Int { 5 }
    private static var sameSignalTime: TimeAmount { .milliseconds(200) }

    init(host: P.Host, state: ProgramState<P>, control: ControlLoop, log: TunnelLog) {
        self.host = host
        self.state = state
        self.control = control
        self.log = log
        self.manager = ServiceManager(notifySocket: ServiceEnvironment.current.notifySocket)
    }

    private var reports: ReportOptions { self.state.settings.options.shared.reports }

    /// Serves until a signal asks the program to leave and the host has ended its work; returns the exit status.
    func run(until signals: SignalSource) async -> Int32 {
        signals.serve()
        self.manager.tellReady(status: "serving")
        self.startCounters()
        await self.keepMemorySmall()
        await withTaskGroup { group in
            if self.manager.isListening { group.addTask { await self.reportToManager() } }
            await self.answer(signals)
            group.cancelAll()
        }
        self.counterWriting?.cancel()
        let status = await self.leave(signals)
        await self.host.shutdown()
        return status
    }

    /// Returns when a signal asks the program to leave.
    private func answer(_ signals: SignalSource) async {
        for await signal in signals.signals {
            switch signal {
            case .logCounters: await self.logCounters()
            case .reload where self.terminal.isGone: return
            case .reload: await self.reload()
            case .terminate: return
            }
        }
    }

    private func keepMemorySmall() async {
        let memory = UnusedMemory(control: self.control)
        memory.release()
        await self.host.whenAtRest { memory.requestRelease() }
    }

    private func logCounters() async {
        let statistics = await self.host.statistics()
        self.log.logger.info("\(CounterTable.logLine(SNMPCounters(statistics)))")
    }
}

// MARK: - Leaving

extension ProgramLoop {
    private func leave(_ signals: SignalSource) async -> Int32 {
        let seconds = self.leavingSeconds
        self.log.logger.info(
            "leaving: nothing new is accepted, what was accepted has \(seconds) s (a second signal ends that at once)")
        self.manager.tellStopping(status: "delivering what was accepted", withinSeconds: seconds)
        let left = await self.leave(within: seconds, signals)
        guard let left, left.isDone else {
            self.log.logger.warning("\(Self.text(left)); left all the same")
            return ExitStatus.failure
        }
        self.log.logger.info("left: everything was delivered")
        return ExitStatus.success
    }

    /// A successor cannot have the port before, so it is not long if nobody has asked for more.
    private var leavingSeconds: Int {
        if case .builtIn? = self.state.effective["closewait"]?.origin { return Self.leastLeavingSeconds }
        return max(self.state.settings.options.closing.closeWaitSeconds, Self.leastLeavingSeconds)
    }

    private static func text(_ left: LeavingProgress?) -> String {
        guard let left else { return "a second signal came before everything was delivered" }
        return "\(left.busySessions) sessions with \(left.streams) streams could not deliver everything in time"
    }

    /// Returns what is left when the host has ended or its time is up; `nil` if a second signal came before.
    private func leave(within seconds: Int, _ signals: SignalSource) async -> LeavingProgress? {
        await withTaskGroup(of: LeavingProgress?.self) { group in
            group.addTask { await self.host.leave(within: .seconds(Int64(seconds))) }
            group.addTask {
                await self.waitForSecondSignal(signals)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// The same signal may come twice, to the program and to its group.
    private func waitForSecondSignal(_ signals: SignalSource) async {
        let start = NIODeadline.now()
        for await signal in signals.signals {
            if signal == .terminate, NIODeadline.now() - start > Self.sameSignalTime { return }
            if signal == .logCounters { await self.logCounters() }
        }
    }
}

// MARK: - Reading the configuration again

extension ProgramLoop {
    private func reload() async {
        self.manager.tellReloading(monotonicMicroseconds: NIODeadline.now().uptimeNanoseconds / 1000)
        self.reopenLog()
        let reload = Reload<P>(
            self.state, reader: P.optionReader, arguments: Array(CommandLine.arguments.dropFirst()))
        self.manager.tellReady(status: await self.apply(reload))
    }

    /// The file may have been moved away, to make room for a new one.
    private func reopenLog() {
        do {
            try self.log.reopen()
        } catch {
            self.log.logger.warning("\(error); going on with the old file")
        }
    }

    /// Returns the outcome in a few words.
    private func apply(_ reload: Reload<P>) async -> String {
        let path = self.state.loaded.configurationPath ?? ""
        switch reload {
        case .nothingToRead:
            self.log.logger.info("SIGHUP: there is nothing to read again, as no configuration file is in use (-c)")
            return "no configuration file to read again"
        case .unchanged(let doubts):
            for doubt in doubts { self.log.logger.warning("SIGHUP: \(doubt)") }
            self.log.logger.info("SIGHUP: nothing has changed in \(path)")
            return "\(path) read again, nothing has changed"
        case .refused(let error):
            self.refuse("\(error)")
            return "\(path) refused, the old settings stay"
        case .changed(let state, let changes):
            return await self.apply(state, changes) ? "\(path) read again" : "\(path) refused, the old settings stay"
        }
    }

    private func refuse(_ reason: String) {
        for line in reason.split(separator: "\n") {
            self.log.logger.error("SIGHUP: nothing is changed, the old settings stay: \(line)")
        }
    }

    private func apply(_ state: ProgramState<P>, _ changes: [SettingChange]) async -> Bool {
        do {
            try await P.update(
                self.host, state.settings, renewsSessions: changes.contains { $0.effect == .newSessions })
        } catch {
            self.refuse("\(error)")
            return false
        }
        self.log.update(state.settings.options.shared.reports) {
            for line in changes.lines { self.log.logger.info("SIGHUP: \(line)") }
            for doubt in state.loaded.doubts { self.log.logger.warning("SIGHUP: \(doubt)") }
            for warning in state.settings.warnings { self.log.logger.warning("\(warning)") }
        }
        self.state = state
        self.startCounters()
        return true
    }
}

// MARK: - Reports

extension ProgramLoop {
    /// Starts to append rows to `--snmplog`, or goes on with other settings.
    private func startCounters() {
        self.counterWriting?.cancel()
        let (path, seconds) = (self.reports.counterLogPath, self.reports.counterLogSeconds)
        guard !path.isEmpty, seconds > 0 else { return self.counterWriting = nil }
        self.counterWriting = Task(executorPreference: self.control) {
            await self.writeCounters(to: SNMPLogWriter(path: path), every: .seconds(Int64(seconds)))
        }
    }

    /// Appends a row every period (protocol 06 §9).
    private func writeCounters(to writer: SNMPLogWriter, every period: TimeAmount) async {
        while true {
            await self.control.sleep(for: period)
            guard !Task.isCancelled else { return }
            let problem = writer.append(SNMPCounters(await self.host.statistics()), at: .now())
            if let problem { self.log.logger.warning("\(problem)") }
        }
    }

    /// Tells the manager now and then how the program is. The counters come from all event loops, so a loop that does
    /// not answer keeps the watchdog waiting.
    private func reportToManager() async {
        let watchdog = ServiceEnvironment.current.watchdogMicroseconds
        let period = min(TimeAmount.minutes(1), watchdog.map { .microseconds(Int64($0) / 2) } ?? .minutes(1))
        var lastStatus = ""
        while !Task.isCancelled {
            let status = Self.status(await self.host.statistics())
            if watchdog != nil { self.manager.tellAlive() }
            if status != lastStatus { self.manager.tell(status: status) }
            lastStatus = status
            await self.control.sleep(for: period)
        }
    }

    private static func status(_ statistics: HostStatistics) -> String {
        "\(statistics.sessionCount) sessions, \(statistics.streamCount) streams"
    }
}
