package import Logging

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Puts the priority in front that systemd-journald takes off again (`SyslogLevelPrefix=`): `<4>` for a warning.
package struct JournalLogFormatter: LogFormatter {
    private let formatter: any LogFormatter

    package init(_ formatter: any LogFormatter) { self.formatter = formatter }

    /// The journal takes every line for a message of its own.
    package func line(for event: LogEvent, at time: LocalTime) -> String {
        Journal.prefixed(self.formatter.line(for: event, at: time), priority: Journal.priority(of: event.level))
    }
}

/// The message alone.
struct MessageLogFormatter: LogFormatter {
    func line(for event: LogEvent, at time: LocalTime) -> String { event.message.description }
}

/// What systemd-journald wants to be told.
package enum Journal {
    /// The priority of syslog(3).
    package static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    /// By bytes: a newline with an accent on it is one character to Swift, and still ends a line.
    static func prefixed(_ text: String, priority: Int) -> String {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { "<\(priority)>\(Substring($0))" }
            .joined(separator: "\n")
    }

    /// Whether the descriptor is the one that systemd has connected to the journal: `stream` is the device and inode of
    /// that, from the variable JOURNAL_STREAM. Somebody may have redirected it since.
    package static func isReached(by descriptor: Int32, stream: String?) -> Bool {
        guard let stream else { return false }
        let numbers = stream.split(separator: ":", omittingEmptySubsequences: false).map { UInt64($0) }
        var status = stat()
        guard numbers.count == 2, unsafe fstat(descriptor, &status) == 0 else { return false }
        return numbers[0] == UInt64(status.st_dev) && numbers[1] == UInt64(status.st_ino)
    }

    /// Whether standard error goes to the journal.
    static let hasStandardError = Self.isReached(by: 2, stream: ServiceEnvironment.current.journalStream)
}
