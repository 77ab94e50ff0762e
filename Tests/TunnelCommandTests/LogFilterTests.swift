import Logging
import Testing

@testable import TunnelCommand

@Suite struct LogFilterTests {
    @Test(
        arguments: [
            (.debug, false, .debug), (.info, false, .debug), (.warning, false, .warning), (.error, false, .error),
            (.debug, true, .critical), (.info, true, .critical), (.error, true, .critical),
        ] as [(Logger.Level, Bool, Logger.Level)])
    func `lines about streams are shown at info too, and never if quiet`(
        level: Logger.Level, isQuiet: Bool, shown: Logger.Level
    ) {
        let filter = LogFilter(level: level, isQuiet: isQuiet)
        #expect(filter.level == level)
        #expect(filter.streamLevel == shown)
    }

    @Test func `a change reaches loggers that are in use`() throws {
        let folder = try TemporaryFolder()
        let log = TunnelLog(
            sink: try LogSink(appendingTo: folder.path + "/log"), formatter: MessageLogFormatter(), isQuiet: false)
        let (logger, streamLogger) = (log.logger, log.streamLogger)
        logger.debug("1")
        streamLogger.debug("2")
        log.filter.level = .debug
        log.filter.isQuiet = true
        logger.debug("3")
        streamLogger.debug("4")
        #expect(try folder.text("log") == "2\n3\n")
    }

    @Test(arguments: [("debug", Logger.Level.debug), ("info", .info), ("warning", .warning), ("error", .error)])
    func `each name stands for its level`(name: String, level: Logger.Level) {
        #expect(LogLevel(rawValue: name)?.level == level)
    }

    /// Who read that the client was quiet by now saw another stream in its log.
    @Test(arguments: [("error", "info"), ("info", "error")])
    func `what is announced is shown at either level, and holds by then`(before: String, after: String) throws {
        let log = TunnelLog(
            sink: .standardError, level: try #require(LogLevel(rawValue: before)).level, isQuiet: false)
        var reports = ReportOptions()
        reports.logLevel = after
        reports.isQuiet = true
        var seen: (level: Logger.Level, isQuiet: Bool)?
        log.update(reports) { seen = (log.filter.level, log.filter.isQuiet) }
        #expect(seen?.level == .info && seen?.isQuiet == true)
        #expect(log.filter.level == LogLevel(rawValue: after)?.level)
    }
}
