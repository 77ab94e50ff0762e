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
}
