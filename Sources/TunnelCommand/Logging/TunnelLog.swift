package import Logging

/// The program's log: one place to write to and two loggers on it.
package struct TunnelLog: Sendable {
    /// For everything but single streams.
    package var logger: Logger
    /// For streams that are opened, closed or broken off; silent with `quiet`.
    package var streamLogger: Logger
    /// What both show; it may change at any time.
    package let filter: LogFilter
    private let sink: LogSink

    /// `clock` and `zone` give the time of the lines.
    package init(
        sink: LogSink, formatter: any LogFormatter = TextLogFormatter(), level: Logger.Level = .info, isQuiet: Bool,
        zone: LocalTimeZone = .system, clock: @escaping @Sendable () -> WallTime = WallTime.now
    ) {
        let filter = LogFilter(level: level, isQuiet: isQuiet)
        let handler = LineLogHandler(sink: sink, formatter: formatter, filter: filter, zone: zone, clock: clock)
        var streamHandler = handler
        streamHandler.isForStreams = true
        self.logger = Logger(label: "kcptun") { _ in handler }
        self.streamLogger = Logger(label: "kcptun.stream") { [streamHandler] _ in streamHandler }
        self.filter = filter
        self.sink = sink
    }

    /// The log that the options ask for.
    package init(_ reports: ReportOptions) throws(LogFileError) {
        let format = LogFormat(rawValue: reports.logFormat) ?? .text
        let level = LogLevel(rawValue: reports.logLevel) ?? .info
        self.init(
            sink: try LogSink.sink(path: reports.logPath),
            formatter: format.formatter(forJournal: reports.logPath.isEmpty && Journal.hasStandardError),
            level: level.level, isQuiet: reports.isQuiet)
    }

    /// Shows from now on what other options ask for.
    /// - Parameter announce: says so. That does not depend on the level that it is about, and whoever has read it may rely on
    ///   it.
    package func update(_ reports: ReportOptions, announce: () -> Void) {
        let level = (LogLevel(rawValue: reports.logLevel) ?? .info).level
        self.filter.isQuiet = reports.isQuiet
        self.filter.level = min(self.filter.level, level)
        announce()
        self.filter.level = level
    }

    /// Opens the log file again, which may have been moved away; if that fails, the old one stays in use.
    package func reopen() throws(LogFileError) { try self.sink.reopen() }
}

/// Hands formatted lines to a sink.
package struct LineLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    /// Whether the lines are about single streams.
    package var isForStreams = false
    private let sink: LogSink
    private let formatter: any LogFormatter
    private let filter: LogFilter
    private let zone: LocalTimeZone
    private let clock: @Sendable () -> WallTime

    package init(
        sink: LogSink, formatter: any LogFormatter, filter: LogFilter, zone: LocalTimeZone,
        clock: @escaping @Sendable () -> WallTime
    ) {
        self.sink = sink
        self.formatter = formatter
        self.filter = filter
        self.zone = zone
        self.clock = clock
    }

    /// The filter's; changing it changes all loggers that share the filter.
    package var logLevel: Logger.Level {
        get { self.isForStreams ? self.filter.streamLevel : self.filter.level }
        set { self.filter.level = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    /// The formatter gets the event with the logger's own metadata added; the event's wins.
    package func log(event: LogEvent) {
        var event = event
        let own = self.metadata.merging(self.metadataProvider?.get() ?? [:]) { _, provided in provided }
        if !own.isEmpty { event.metadata = own.merging(event.metadata ?? [:]) { _, given in given } }
        self.sink.write(line: self.formatter.line(for: event, at: self.zone.localTime(self.clock())))
    }
}
