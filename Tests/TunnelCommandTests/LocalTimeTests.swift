import Testing
import TunnelCommand

@Suite struct LocalTimeTests {
    /// Seconds, offset, then year, month, day, day of the year, weekday, hour, minute, second.
    @Test(arguments: [
        (0, 0, [1970, 1, 1, 1, 4, 0, 0, 0]),
        (-1, 0, [1969, 12, 31, 365, 3, 23, 59, 59]),
        (0, -3600, [1969, 12, 31, 365, 3, 23, 0, 0]),
        (951_782_400, 0, [2000, 2, 29, 60, 2, 0, 0, 0]),
        (951_868_800, 0, [2000, 3, 1, 61, 3, 0, 0, 0]),
        (1_735_689_599, 0, [2024, 12, 31, 366, 2, 23, 59, 59]),
        (1_735_689_599, 3600, [2025, 1, 1, 1, 3, 0, 59, 59]),
        (1_136_239_445, -25200, [2006, 1, 2, 2, 1, 15, 4, 5]),
        (4_107_542_400, 0, [2100, 3, 1, 60, 1, 0, 0, 0]),
        (253_402_300_799, 0, [9999, 12, 31, 365, 5, 23, 59, 59]),
        (-62_135_596_800, 0, [1, 1, 1, 1, 1, 0, 0, 0]),
    ])
    func `a moment has its place on the calendar`(seconds: Int, offset: Int, fields: [Int]) {
        let time = LocalTime(WallTime(secondsSince1970: seconds), offsetSeconds: offset, zoneName: "")
        #expect(
            [time.year, time.month, time.day, time.yearDay, time.weekday, time.hour, time.minute, time.second] == fields
        )
    }

    @Test func `days follow each other for four centuries`() {
        var previous = LocalTime(WallTime(secondsSince1970: 0), offsetSeconds: 0, zoneName: "")
        for day in 1...146_097 {
            let time = LocalTime(WallTime(secondsSince1970: day * 86400), offsetSeconds: 0, zoneName: "")
            let isNextDay = time.month == previous.month && time.day == previous.day + 1
            let isNextMonth = time.day == 1 && previous.day >= 28 && time.month == previous.month % 12 + 1
            guard isNextDay || isNextMonth, time.weekday == (previous.weekday + 1) % 7 else {
                Issue.record("day \(day): \(time) follows \(previous)")
                return
            }
            previous = time
        }
        #expect([previous.year, previous.month, previous.day, previous.weekday] == [2370, 1, 1, 4])
    }

    @Test func `a fixed zone is used as given`() {
        let zone = LocalTimeZone.fixed(offsetSeconds: 5400, name: "XYZ")
        let time = zone.localTime(WallTime(secondsSince1970: 0, nanoseconds: 7))
        #expect([time.hour, time.minute, time.nanosecond, time.offsetSeconds] == [1, 30, 7, 5400])
        #expect(time.zoneName == "XYZ")
    }

    @Test func `the system's zone only moves the clock`() {
        let wall = WallTime(secondsSince1970: 1_800_000_000)
        let time = LocalTimeZone.system.localTime(wall)
        #expect(time == LocalTime(wall, offsetSeconds: time.offsetSeconds, zoneName: time.zoneName))
    }
}
