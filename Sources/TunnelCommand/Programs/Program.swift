import Logging

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// One of the two programs: what is special about it. All that they have in common is in `run`.
package protocol Program {
    associatedtype Options: TunnelOptions
    associatedtype Settings: Sendable
    static func settings(_ options: Options) throws(ConfigurationError) -> Settings
    static func warnings(_ settings: Settings) -> [ConfigurationWarning]
    static func reports(_ settings: Settings) -> ReportOptions
    /// Starts the host; what it logs before it serves is up to it.
    static func start(_ settings: Settings, log: TunnelLog) async throws -> any RunningHost
}

extension Program {
    /// Runs the program with the process' arguments until a signal ends it; returns the exit status.
    package static func run() async -> Int32 {
        do {
            let reader = OptionReader<Options>(environment: ProcessEnvironment.variables)
            switch try reader.read(Array(CommandLine.arguments.dropFirst())) {
            case .help:
                print(Options.helpPage(columns: nil))
                return ExitStatus.success
            case .version:
                print(Version.line)
                return ExitStatus.success
            case .run(let loaded):
                return try await self.run(loaded)
            }
        } catch let error as any OperatorError {
            StandardError.print(error.description)
            return error.exitStatus
        } catch {
            StandardError.print("\(Options.programName): \(error)")
            return ExitStatus.failure
        }
    }

    private static func run(_ loaded: LoadedOptions<Options>) async throws -> Int32 {
        let settings = try self.settings(loaded.options)
        let reports = self.reports(settings)
        let log = TunnelLog(sink: try LogSink.sink(path: reports.logPath), isQuiet: reports.isQuiet)
        let signals = SignalSource()
        let parentWatch = PluginEnvironment.isSet(in: ProcessEnvironment.variables) ? ParentWatch.start() : nil
        defer { parentWatch?.cancel() }
        do {
            let host = try await self.start(settings, log: log)
            self.logDoubts(loaded, log: log)
            await ProgramLoop(host: host, reports: reports, log: log).run(until: signals)
            return ExitStatus.success
        } catch {
            // The log may be a file; who started us by hand looks at the terminal.
            log.logger.error("\(error)")
            if !reports.logPath.isEmpty { StandardError.print("\(Options.programName): \(error)") }
            return ExitStatus.failure
        }
    }

    private static func logDoubts(_ loaded: LoadedOptions<Options>, log: TunnelLog) {
        if !loaded.unknownKeys.isEmpty {
            log.logger.warning(
                "ignoring unknown keys in the configuration file: \(loaded.unknownKeys.joined(separator: ", "))")
        }
        if !loaded.ignoredWords.isEmpty {
            log.logger.warning(
                "ignoring \(loaded.ignoredWords.joined(separator: " ")): not a flag, and nothing is read behind it")
        }
    }

    /// Prints the warnings where the original has them: in the log, or plainly on standard output.
    static func warn(_ settings: Settings, log: TunnelLog) {
        for warning in self.warnings(settings) {
            if warning.isPrintedPlainly { StandardOutput.print("\(warning)") } else { log.logger.warning("\(warning)") }
        }
    }
}

extension ExitStatus {
    package static let success: Int32 = 0
    /// The program cannot go on: a port is taken, an address is not ours.
    package static let failure: Int32 = 1
}

/// Standard output without a buffer: what a running program says must not wait for its end.
enum StandardOutput {
    static func print(_ text: String) { _ = SystemFile.write(Array((text + "\n").utf8), to: 1) }
}

/// Standard error, for what has to be said before there is a log.
enum StandardError {
    static func print(_ text: String) { _ = SystemFile.write(Array((text + "\n").utf8), to: 2) }
}
