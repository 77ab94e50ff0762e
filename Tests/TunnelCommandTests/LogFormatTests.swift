import ArgumentParser
import Logging
import Testing

@testable import TunnelCommand

@Suite struct LogFormatTests {
    private static let time = LocalTime(
        WallTime(secondsSince1970: 1_136_239_445, nanoseconds: 987_654_321), offsetSeconds: -25200, zoneName: "MST")

    @Test(
        arguments: [
            (.text, false, "2006/01/02 15:04:05 moin"), (.text, true, "<4>moin"),
            (
                .json, false,
                #"{"time":"2006-01-02T15:04:05.987-07:00","level":"warning","message":"moin"}"#
            ),
            (
                .json, true,
                #"<4>{"time":"2006-01-02T15:04:05.987-07:00","level":"warning","message":"moin"}"#
            ),
        ] as [(LogFormat, Bool, String)])
    func `a line looks as its format and its place want it`(format: LogFormat, isJournal: Bool, line: String) {
        #expect(format.formatter(forJournal: isJournal).line(for: .sample("moin"), at: Self.time) == line)
    }

    @Test func `the options choose the format, and a file is no journal`() throws {
        let folder = try TemporaryFolder()
        var reports = try ClientOptions.parse([]).shared.reports
        reports.logPath = folder.path + "/log"
        reports.logFormat = "json"
        reports.logLevel = "warning"
        let log = try TunnelLog(reports)
        log.logger.info("no")
        log.logger.warning("yes")
        let text = try folder.text("log")
        #expect(text.hasPrefix("{\"time\":") && text.hasSuffix("\"message\":\"yes\"}\n"))
        #expect(!text.contains("\"no\""))
    }
}

extension LogEvent {
    static func sample(
        _ message: String, level: Logger.Level = .warning, metadata: Logger.Metadata? = nil
    ) -> LogEvent {
        LogEvent(
            level: level, message: "\(message)", error: nil, metadata: metadata, source: "test", file: #fileID,
            function: #function, line: #line)
    }
}
