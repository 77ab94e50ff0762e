import Foundation
import Logging
import Testing

@testable import TunnelCommand

@Suite struct JournalLogFormatterTests {
    private static let time = LocalTime(WallTime(secondsSince1970: 0), offsetSeconds: 0, zoneName: "UTC")

    @Test(
        arguments: [
            (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2), (.trace, 7),
        ] as [(Logger.Level, Int)])
    func `a line begins with its priority`(level: Logger.Level, priority: Int) {
        let line = JournalLogFormatter(MessageLogFormatter()).line(for: .sample("x", level: level), at: Self.time)
        #expect(line == "<\(priority)>x")
    }

    @Test func `every line of a message has it`() {
        let line = JournalLogFormatter(MessageLogFormatter()).line(for: .sample("a\n\nb"), at: Self.time)
        #expect(line == "<4>a\n<4>\n<4>b")
    }

    @Test func `a newline with an accent on it ends a line too`() {
        let line = JournalLogFormatter(MessageLogFormatter()).line(for: .sample("a\n\u{301}b"), at: Self.time)
        #expect(Array(line.utf8) == Array("<4>a\n<4>\u{301}b".utf8))
    }

    @Test func `the journal is recognised by device and inode`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/journal"
        let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        var status = stat()
        fstat(descriptor, &status)
        #expect(Journal.isReached(by: descriptor, stream: "\(status.st_dev):\(status.st_ino)"))
        for other in [
            nil, "", "1", "\(status.st_dev):", "\(status.st_dev):\(status.st_ino + 1)", "\(status.st_dev):x:1",
            "\(status.st_dev):\(status.st_ino):1",
        ] {
            #expect(!Journal.isReached(by: descriptor, stream: other), "\(other ?? "nil")")
        }
        #expect(!Journal.isReached(by: -1, stream: "\(status.st_dev):\(status.st_ino)"))
    }
}
