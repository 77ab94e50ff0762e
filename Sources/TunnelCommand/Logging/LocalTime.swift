/// A moment on the calendar of a place.
package struct LocalTime: Hashable, Sendable {
    package var year: Int
    /// 1 to 12.
    package var month: Int
    /// Of the month, from 1.
    package var day: Int
    /// Of the year, from 1.
    package var yearDay: Int
    /// 0 is Sunday.
    package var weekday: Int
    package var hour: Int
    package var minute: Int
    package var second: Int
    package var nanosecond: Int
    /// East of Greenwich.
    package var offsetSeconds: Int
    /// Such as `CET`; may be empty.
    package var zoneName: String

    package init(_ time: WallTime, offsetSeconds: Int, zoneName: String) {
        let seconds = time.secondsSince1970 + offsetSeconds
        let days = Self.floorDivide(seconds, by: 86400)
        let secondOfDay = seconds - days * 86400
        (self.year, self.yearDay) = Self.yearAndDay(daysSince1970: days)
        (self.month, self.day) = Self.monthAndDay(yearDay: self.yearDay, isLeap: Self.isLeap(self.year))
        self.weekday = Self.modulo(days + 4, 7)
        self.hour = secondOfDay / 3600
        self.minute = secondOfDay / 60 % 60
        self.second = secondOfDay % 60
        self.nanosecond = time.nanoseconds
        self.offsetSeconds = offsetSeconds
        self.zoneName = zoneName
    }

    private static func floorDivide(_ value: Int, by divisor: Int) -> Int {
        (value - Self.modulo(value, divisor)) / divisor
    }

    private static func modulo(_ value: Int, _ divisor: Int) -> Int {
        let remainder = value % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// Days from 1 January of year 1 to 1 January of `year`, in the Gregorian calendar.
    private static func daysBefore(year: Int) -> Int {
        let past = year - 1
        return past * 365 + Self.floorDivide(past, by: 4) - Self.floorDivide(past, by: 100)
            + Self.floorDivide(past, by: 400)
    }

    private static func yearAndDay(daysSince1970: Int) -> (year: Int, yearDay: Int) {
        let days = daysSince1970 + Self.daysBefore(year: 1970)
        // 146097 days are exactly 400 years, so this is off by at most one.
        var year = Self.floorDivide(days * 400, by: 146097) + 1
        if Self.daysBefore(year: year) > days { year -= 1 }
        if Self.daysBefore(year: year + 1) <= days { year += 1 }
        return (year, days - Self.daysBefore(year: year) + 1)
    }

    private static func monthAndDay(yearDay: Int, isLeap: Bool) -> (month: Int, day: Int) {
        var day = yearDay
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for (index, length) in lengths.enumerated() {
            if day <= length { return (index + 1, day) }
            day -= length
        }
        preconditionFailure("a day of the year is in one of its months")
    }
}

/// A number in decimal digits, with zeros in front up to a width.
func zeroPadded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
}
