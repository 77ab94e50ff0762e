import Logging
import TunnelCore
import TunnelRuntime

/// One of the two programs: what is special about it. All that they have in common is in `run`.
package protocol Program: SendableMetatype {
    associatedtype Options: TunnelOptions
    associatedtype Settings: TunnelSettings where Settings.Options == Options
    associatedtype Host: RunningHost
    /// Checks options. `given`: the names of the flags that the operator has set.
    static func settings(_ options: Options, given: Set<String>) throws(ConfigurationError) -> Settings
    /// Starts the host; what it logs before it serves is up to it.
    static func start(_ settings: Settings, log: TunnelLog) async throws -> Host
    /// Gives the host other settings. `renewsSessions`: some of them count for new sessions only.
    static func update(_ host: Host, _ settings: Settings, renewsSessions: Bool) async throws
}

extension Program {
    /// Runs the program with the process' arguments until a signal ends it, while this thread waits; returns the exit
    /// status.
    package static func runAndWait() -> Int32 { ControlLoop.run { await self.run(on: $0) } }

    /// The same for those who need not spare the thread that Swift's own executor has.
    package static func run() async -> Int32 {
        let control = ControlLoop()
        return await withTaskExecutorPreference(control) { await self.run(on: control) }
    }

    static var optionReader: OptionReader<Options> { OptionReader(environment: ProcessEnvironment.variables) }

    private static func run(on control: ControlLoop) async -> Int32 {
        do {
            switch try self.optionReader.read(Array(CommandLine.arguments.dropFirst())) {
            case .help:
                print(Options.helpPage(columns: nil))
                return ExitStatus.success
            case .version:
                print(Version.line)
                return ExitStatus.success
            case .run(let loaded):
                return try await self.run(loaded, on: control)
            }
        } catch let error as any OperatorError {
            StandardError.print(error.description)
            return error.exitStatus
        } catch {
            StandardError.print("\(Options.programName): \(error)")
            return ExitStatus.failure
        }
    }

    private static func run(_ loaded: LoadedOptions<Options>, on control: ControlLoop) async throws -> Int32 {
        DescriptorLimit.raise()
        let state = try ProgramState<Self>(loaded)
        let reports = state.settings.options.shared.reports
        let log = try TunnelLog(reports)
        let signals = try await SignalSource(on: control.eventLoop)
        let parentWatch =
            PluginEnvironment.isSet(in: ProcessEnvironment.variables) ? ParentWatch.start(on: control) : nil
        defer { parentWatch?.cancel() }
        do {
            let host = try await self.start(state.settings, log: log)
            let listeners = try await StatusListeners.start(
                reports, programName: Options.programName, host: host, log: log)
            for doubt in loaded.doubts { log.logger.warning("\(doubt)") }
            let status = await ProgramLoop<Self>(host: host, state: state, control: control, log: log)
                .run(until: signals)
            await listeners.shutdown()
            return status
        } catch {
            // The log may be a file; who started us by hand looks at the terminal.
            log.logger.error("\(error)")
            if !reports.logPath.isEmpty { StandardError.print("\(Options.programName): \(error)") }
            return ExitStatus.failure
        }
    }

    /// Prints the warnings where the original has them: in the log, or plainly on standard output.
    static func warn(_ settings: Settings, log: TunnelLog) {
        for warning in settings.warnings {
            if warning.isPrintedPlainly { StandardOutput.print("\(warning)") } else { log.logger.warning("\(warning)") }
        }
    }
}

extension ExitStatus {
    package static let success: Int32 = 0
    /// The program cannot go on: a port is taken, an address is not ours. Or it had to leave before everything that it
    /// had accepted was delivered.
    package static let failure: Int32 = 1
}

/// Standard output without a buffer: what a running program says must not wait for its end.
enum StandardOutput {
    static func print(_ text: String) { _ = SystemFile.write(Array((text + "\n").utf8), to: 1) }
}

/// Standard error, for what has to be said before there is a log.
enum StandardError {
    static func print(_ text: String) {
        let text = Journal.hasStandardError ? Journal.prefixed(text, priority: Journal.priority(of: .error)) : text
        _ = SystemFile.write(Array((text + "\n").utf8), to: 2)
    }
}
