import Foundation
import Logging
import Testing
import TunnelCommand

@Suite struct TunnelLogTests {
    private func log(_ folder: TemporaryFolder, isQuiet: Bool = false) throws -> TunnelLog {
        TunnelLog(
            sink: try LogSink(appendingTo: folder.path + "/log"), isQuiet: isQuiet,
            zone: .fixed(offsetSeconds: -25200, name: "MST"),
            clock: { WallTime(secondsSince1970: 1_136_239_445, nanoseconds: 999_999_999) })
    }

    @Test func `a line has the original's form`() throws {
        let folder = try TemporaryFolder()
        let log = try self.log(folder)
        log.logger.info("version: V", metadata: ["a": "b"])
        log.logger.error("second")
        log.logger.debug("not shown")
        #expect(try folder.text("log") == "2006/01/02 15:04:05 version: V\n2006/01/02 15:04:05 second\n")
    }

    @Test func `quiet silences streams and nothing else`() throws {
        let folder = try TemporaryFolder()
        let log = try self.log(folder, isQuiet: true)
        log.streamLogger.info("stream opened")
        log.streamLogger.error("pipe")
        log.logger.info("general")
        #expect(try folder.text("log") == "2006/01/02 15:04:05 general\n")
    }

    @Test func `streams are logged otherwise`() throws {
        let folder = try TemporaryFolder()
        try self.log(folder).streamLogger.info("stream opened")
        #expect(try folder.text("log") == "2006/01/02 15:04:05 stream opened\n")
    }

    @Test func `a file is continued, not replaced`() throws {
        let folder = try TemporaryFolder()
        for _ in 1...2 { try self.log(folder).logger.info("x") }
        #expect(try folder.text("log").split(separator: "\n").count == 2)
    }

    @Test func `lines of several threads stay whole`() throws {
        let folder = try TemporaryFolder()
        let logger = try self.log(folder).logger
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for _ in 1...50 { logger.info("\(String(repeating: "\(thread)", count: 100))") }
        }
        let lines = try folder.text("log").split(separator: "\n")
        #expect(lines.count == 400)
        #expect(lines.allSatisfy { $0.count == 120 && Set($0.dropFirst(20)).count == 1 })
    }

    @Test func `a file that was moved away is made anew when the log is opened again`() throws {
        let folder = try TemporaryFolder()
        let log = try self.log(folder)
        log.logger.info("1")
        try FileManager.default.moveItem(atPath: folder.path + "/log", toPath: folder.path + "/log.1")
        log.logger.info("2")
        try log.reopen()
        log.logger.info("3")
        #expect(try folder.text("log.1") == "2006/01/02 15:04:05 1\n2006/01/02 15:04:05 2\n")
        #expect(try folder.text("log") == "2006/01/02 15:04:05 3\n")
    }

    @Test func `if that fails the old file stays in use`() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/old", withIntermediateDirectories: false)
        let log = TunnelLog(sink: try LogSink(appendingTo: folder.path + "/old/log"), isQuiet: false)
        try FileManager.default.moveItem(atPath: folder.path + "/old", toPath: folder.path + "/new")
        #expect(throws: LogFileError.self) { try log.reopen() }
        log.logger.info("still here")
        #expect(try folder.text("new/log").hasSuffix("still here\n"))
    }

    @Test func `a file that cannot be opened is named`() {
        let error = #expect(throws: LogFileError.self) { try LogSink(appendingTo: "/nonexistent/log") }
        #expect(error?.description == "--log /nonexistent/log cannot be opened: No such file or directory")
        #expect(error?.exitStatus == 78)
    }

    @Test func `without a path the log goes to standard error`() throws {
        #expect(try LogSink.sink(path: "") === LogSink.standardError)
    }

    private struct MetadataFormatter: LogFormatter {
        func line(for event: LogEvent, at time: LocalTime) -> String {
            (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        }
    }

    @Test func `a formatter sees the metadata of the logger and of the line`() throws {
        let folder = try TemporaryFolder()
        var logger = TunnelLog(
            sink: try LogSink(appendingTo: folder.path + "/log"), formatter: MetadataFormatter(), isQuiet: false
        ).logger
        logger[metadataKey: "a"] = "1"
        logger[metadataKey: "b"] = "1"
        logger.info("x", metadata: ["b": "2"])
        #expect(try folder.text("log") == "a=1 b=2\n")
    }
}
