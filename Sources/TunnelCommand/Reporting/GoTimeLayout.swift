/// A text in which the parts of Go's reference time, `Mon Jan 2 15:04:05 MST 2006`, stand for those of another time
/// (protocol 06 §9). Everything else is copied.
package struct GoTimeLayout: Hashable, Sendable {
    private let layout: String

    package init(_ layout: String) { self.layout = layout }

    /// The layout filled in.
    package func text(_ time: LocalTime) -> String {
        var result: [UInt8] = []
        var rest = Array(self.layout.utf8)[...]
        while let byte = rest.first {
            if let token = Self.tokens.first(where: { $0.matches(rest) }) {
                rest.removeFirst(token.text.utf8.count)
                result += token.render(time).utf8
            } else if let fraction = Fraction(rest) {
                rest.removeFirst(fraction.byteCount)
                result += fraction.render(time).utf8
            } else {
                rest.removeFirst()
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// A part of the reference time.
private struct Token: Sendable {
    var text: String
    /// `Jan` and `Mon` do not stand for anything when a longer word goes on behind them.
    var isWholeWord = false
    var render: @Sendable (LocalTime) -> String

    func matches(_ rest: ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: self.text.utf8) else { return false }
        guard self.isWholeWord, let next = rest.dropFirst(self.text.utf8.count).first else { return true }
        return !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(next)
    }
}

extension GoTimeLayout {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// The first that matches counts, so a longer one stands before its beginnings.
    fileprivate static let tokens: [Token] =
        dateTokens + clockTokens
        + ["070000", "07:00:00", "0700", "07:00", "07"].flatMap { digits in
            [
                Token(text: "-" + digits) { Self.offset($0, like: digits) },
                Token(text: "Z" + digits) { $0.offsetSeconds == 0 ? "Z" : Self.offset($0, like: digits) },
            ]
        }

    private static let dateTokens = [
        Token(text: "January") { Self.months[$0.month - 1] },
        Token(text: "Jan", isWholeWord: true) { String(Self.months[$0.month - 1].prefix(3)) },
        Token(text: "Monday") { Self.weekdays[$0.weekday] },
        Token(text: "Mon", isWholeWord: true) { String(Self.weekdays[$0.weekday].prefix(3)) },
        Token(text: "002") { zeroPadded($0.yearDay, 3) },
        Token(text: "__2") { Self.spacePadded($0.yearDay, 3) },
        Token(text: "_2006") { "_" + zeroPadded($0.year, 4) },
        Token(text: "2006") { zeroPadded($0.year, 4) },
        Token(text: "06") { zeroPadded($0.year % 100, 2) },
        Token(text: "01") { zeroPadded($0.month, 2) },
        Token(text: "02") { zeroPadded($0.day, 2) },
        Token(text: "_2") { Self.spacePadded($0.day, 2) },
        Token(text: "15") { zeroPadded($0.hour, 2) },
        Token(text: "1") { String($0.month) },
        Token(text: "2") { String($0.day) },
    ]

    private static let clockTokens = [
        Token(text: "03") { zeroPadded(Self.hourOfHalfDay($0), 2) },
        Token(text: "3") { String(Self.hourOfHalfDay($0)) },
        Token(text: "04") { zeroPadded($0.minute, 2) },
        Token(text: "4") { String($0.minute) },
        Token(text: "05") { zeroPadded($0.second, 2) },
        Token(text: "5") { String($0.second) },
        Token(text: "PM") { $0.hour < 12 ? "AM" : "PM" },
        Token(text: "pm") { $0.hour < 12 ? "am" : "pm" },
        Token(text: "MST") { Self.zoneName($0) },
    ]

    private static func hourOfHalfDay(_ time: LocalTime) -> Int { (time.hour + 11) % 12 + 1 }

    private static func spacePadded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: " ", count: max(width - digits.count, 0)) + digits
    }

    /// A zone without a name is written as a number.
    private static func zoneName(_ time: LocalTime) -> String {
        guard time.zoneName.isEmpty else { return time.zoneName }
        return Self.offset(time, like: time.offsetSeconds % 3600 == 0 ? "07" : "0700")
    }

    /// The distance from UTC with as many fields and colons as `digits` has.
    private static func offset(_ time: LocalTime, like digits: String) -> String {
        let distance = abs(time.offsetSeconds)
        let fields = [distance / 3600, distance / 60 % 60, distance % 60].map { zeroPadded($0, 2) }
        let fieldCount = digits.filter { $0 != ":" }.count / 2
        let separator = digits.contains(":") ? ":" : ""
        return (time.offsetSeconds < 0 ? "-" : "+") + fields.prefix(fieldCount).joined(separator: separator)
    }
}

/// A point or comma with zeros (so many digits) or nines (up to so many digits) behind it.
///
/// Go takes it wherever it stands, not only behind seconds.
private struct Fraction {
    private let separator: Character
    private let digitCount: Int
    private let isTrimmed: Bool

    var byteCount: Int { self.digitCount + 1 }

    init?(_ rest: ArraySlice<UInt8>) {
        guard let separator = rest.first, separator == UInt8(ascii: ".") || separator == UInt8(ascii: ","),
            let digit = rest.dropFirst().first, digit == UInt8(ascii: "0") || digit == UInt8(ascii: "9")
        else { return nil }
        let digits = rest.dropFirst().prefix { $0 == digit }
        if let next = rest.dropFirst(digits.count + 1).first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) {
            return nil
        }
        self.separator = Character(Unicode.Scalar(separator))
        self.digitCount = digits.count
        self.isTrimmed = digit == UInt8(ascii: "9")
    }

    func render(_ time: LocalTime) -> String {
        var digits = zeroPadded(time.nanosecond, 9).prefix(self.digitCount)
        if self.isTrimmed {
            while digits.last == "0" { digits.removeLast() }
            if digits.isEmpty { return "" }
        }
        return String(self.separator) + digits
    }
}
