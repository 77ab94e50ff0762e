package import Logging

/// The program's log: one place to write to and two loggers on it.
package struct TunnelLog: Sendable {
    /// For everything but single streams.
    package var logger: Logger
    /// For streams that are opened, closed or broken off; silent with `quiet`.
    package var streamLogger: Logger

    /// `clock` and `zone` give the time of the lines.
    package init(
        sink: LogSink, formatter: any LogFormatter = TextLogFormatter(), isQuiet: Bool, zone: LocalTimeZone = .system,
        clock: @escaping @Sendable () -> WallTime = WallTime.now
    ) {
        let handler = LineLogHandler(sink: sink, formatter: formatter, zone: zone, clock: clock)
        self.logger = Logger(label: "kcptun") { _ in handler }
        self.streamLogger = Logger(label: "kcptun.stream") { _ -> any LogHandler in
            isQuiet ? SwiftLogNoOpLogHandler() : handler
        }
    }
}

/// Hands formatted lines to a sink.
package struct LineLogHandler: LogHandler {
    package var logLevel = Logger.Level.info
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let sink: LogSink
    private let formatter: any LogFormatter
    private let zone: LocalTimeZone
    private let clock: @Sendable () -> WallTime

    package init(
        sink: LogSink, formatter: any LogFormatter, zone: LocalTimeZone, clock: @escaping @Sendable () -> WallTime
    ) {
        self.sink = sink
        self.formatter = formatter
        self.zone = zone
        self.clock = clock
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
