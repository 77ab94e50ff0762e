import Testing
import TunnelCommand

@Suite struct GoTimeLayoutTests {
    /// 2009-02-04 21:00:57.0123456 −08:00, a Wednesday.
    private static let evening = LocalTimeZone.fixed(offsetSeconds: -28800, name: "PST")
        .localTime(WallTime(secondsSince1970: 1_233_810_057, nanoseconds: 12_345_600))

    @Test(arguments: [
        ("2006", "2009"), ("06", "09"), ("01", "02"), ("1", "2"), ("Jan", "Feb"), ("January", "February"), ("02", "04"),
        ("2", "4"), ("_2", " 4"), ("002", "035"), ("__2", " 35"), ("15", "21"), ("03", "09"), ("3", "9"), ("PM", "PM"),
        ("pm", "pm"), ("04", "00"), ("4", "0"), ("05", "57"), ("5", "57"), ("Mon", "Wed"), ("Monday", "Wednesday"),
        ("MST", "PST"), ("Z0700", "-0800"), ("Z07:00", "-08:00"), ("Z07", "-08"), ("Z070000", "-080000"),
        ("Z07:00:00", "-08:00:00"), ("-0700", "-0800"), ("-07:00", "-08:00"), ("-07", "-08"), ("-070000", "-080000"),
        ("-07:00:00", "-08:00:00"), ("05.000", "57.012"), ("05,000", "57,012"), ("05.0", "57.0"),
        ("05.000000000", "57.012345600"), ("05.999", "57.012"), ("05.999999999", "57.0123456"), ("05,9", "57"),
        ("05.0000000000", "57.012345600"), ("x.000", "x.012"), ("x,99", "x,01"), ("a.0.log", "a.0.log"),
    ])
    func `a part of the reference time is replaced`(layout: String, text: String) {
        #expect(GoTimeLayout(layout).text(Self.evening) == text)
    }

    @Test(arguments: [
        ("snmp-20060102.log", "snmp-20090204.log"), ("snmp-1.log", "snmp-2.log"), ("_2006", "_2009"),
        ("__2006", " 35009"),
        ("Janet", "Janet"), ("Janu", "Janu"), ("JanX", "FebX"), ("Januaryx", "Februaryx"), ("Month", "Month"),
        ("Mon1", "Wed2"), ("Mondays", "Wednesdays"), ("2006-01-02T15:04:05Z07:00", "2009-02-04T21:00:57-08:00"),
        ("Mon Jan _2 15:04:05 2006", "Wed Feb  4 21:00:57 2009"), ("3:04PM", "9:00PM"), ("snmp.log", "snmp.log"),
        ("", ""), ("é_2é", "é 4é"), ("0", "0"), ("00", "00"), ("07", "07"), ("6789", "6789"), ("-0", "-0"), ("Z", "Z"),
        ("x.001", "x.002"), (".09", ".09"), (".90", ".90"), ("a.99b", "a.01b"), ("Pm", "Pm"), ("pM", "pM"),
        ("200", "400"), ("20060", "20090"), ("150405", "210057"), ("-07000", "-08000"),
    ])
    func `tokens are found from left to right, the longest first, and the rest is copied`(layout: String, text: String)
    {
        #expect(GoTimeLayout(layout).text(Self.evening) == text)
    }

    @Test(arguments: [
        (0, "03", "12"), (0, "3PM", "12AM"), (1, "3pm", "1am"), (11, "3PM", "11AM"), (12, "3PM", "12PM"),
        (13, "03PM", "01PM"),
        (23, "3", "11"),
    ])
    func `half days begin with twelve`(hour: Int, layout: String, text: String) {
        let time = LocalTime(WallTime(secondsSince1970: hour * 3600), offsetSeconds: 0, zoneName: "UTC")
        #expect(GoTimeLayout(layout).text(time) == text)
    }

    @Test(arguments: [
        (0, "Z0700", "Z"), (0, "Z07:00:00", "Z"), (0, "-0700", "+0000"), (19800, "-07:00", "+05:30"),
        (19800, "Z07", "+05"),
        (20_712, "-07:00:00", "+05:45:12"), (-1800, "-0700", "-0030"), (7200, "MST", "+02"), (19800, "MST", "+0530"),
    ])
    func `zones are written as numbers`(offset: Int, layout: String, text: String) {
        let time = LocalTime(WallTime(secondsSince1970: 0), offsetSeconds: offset, zoneName: "")
        #expect(GoTimeLayout(layout).text(time) == text)
    }
}
