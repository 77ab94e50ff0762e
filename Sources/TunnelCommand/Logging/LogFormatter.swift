package import Logging

/// Turns an event into a line of the log, without the newline.
package protocol LogFormatter: Sendable {
    func line(for event: LogEvent, at time: LocalTime) -> String
}

/// The original's form, `2006/01/02 15:04:05 message` (protocol 06 §6).
package struct TextLogFormatter: LogFormatter {
    package init() {}

    package func line(for event: LogEvent, at time: LocalTime) -> String {
        let date = "\(zeroPadded(time.year, 4))/\(zeroPadded(time.month, 2))/\(zeroPadded(time.day, 2))"
        let clock = "\(zeroPadded(time.hour, 2)):\(zeroPadded(time.minute, 2)):\(zeroPadded(time.second, 2))"
        return "\(date) \(clock) \(event.message)"
    }
}
