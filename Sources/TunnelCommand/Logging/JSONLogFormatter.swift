package import Logging

/// One JSON object per line: time (RFC 3339), level, message, and what metadata the line has.
package struct JSONLogFormatter: LogFormatter {
    package init() {}

    package func line(for event: LogEvent, at time: LocalTime) -> String {
        var members = [
            ("time", Self.text(time)), ("level", event.level.rawValue), ("message", event.message.description),
        ]
        for (key, value) in (event.metadata ?? [:]).sorted(by: { $0.key < $1.key }) {
            members.append((key, value.description))
        }
        return "{" + members.map { "\(JSONText.quoted($0)):\(JSONText.quoted($1))" }.joined(separator: ",") + "}"
    }

    private static func text(_ time: LocalTime) -> String {
        let date = "\(zeroPadded(time.year, 4))-\(zeroPadded(time.month, 2))-\(zeroPadded(time.day, 2))"
        let clock = "\(zeroPadded(time.hour, 2)):\(zeroPadded(time.minute, 2)):\(zeroPadded(time.second, 2))"
        return "\(date)T\(clock).\(zeroPadded(time.nanosecond / 1_000_000, 3))\(Self.offset(time.offsetSeconds))"
    }

    private static func offset(_ seconds: Int) -> String {
        if seconds == 0 { return "Z" }
        let minutes = abs(seconds) / 60
        return "\(seconds < 0 ? "-" : "+")\(zeroPadded(minutes / 60, 2)):\(zeroPadded(minutes % 60, 2))"
    }
}

/// Text in JSON.
package enum JSONText {
    /// The text between double quotes, with what must not stand there escaped.
    package static func quoted(_ text: String) -> String {
        QuotedText.quoted(text) { $0.value < 0x20 ? "\\u00" + QuotedText.hexadecimal($0) : nil }
    }
}
