#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// A moment, counted from 1970-01-01 00:00 UTC.
package struct WallTime: Hashable, Sendable {
    package var secondsSince1970: Int
    /// Less than a second.
    package var nanoseconds: Int

    package init(secondsSince1970: Int, nanoseconds: Int = 0) {
        self.secondsSince1970 = secondsSince1970
        self.nanoseconds = nanoseconds
    }

    /// What the system's clock says.
    package static func now() -> WallTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(secondsSince1970: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec))
    }
}

/// Where the calendar is read.
package enum LocalTimeZone: Hashable, Sendable {
    /// The zone that the system or the variable `TZ` names.
    case system
    case fixed(offsetSeconds: Int, name: String)

    package func localTime(_ time: WallTime) -> LocalTime {
        switch self {
        case .fixed(let offsetSeconds, let name): LocalTime(time, offsetSeconds: offsetSeconds, zoneName: name)
        case .system: Self.systemLocalTime(time)
        }
    }

    private static func systemLocalTime(_ time: WallTime) -> LocalTime {
        _ = Self.systemZoneIsRead
        var seconds = time_t(time.secondsSince1970)
        var fields = unsafe tm()
        guard unsafe localtime_r(&seconds, &fields) != nil else {
            return LocalTime(time, offsetSeconds: 0, zoneName: "UTC")
        }
        let name = unsafe fields.tm_zone.map { unsafe String(cString: $0) } ?? ""
        return LocalTime(time, offsetSeconds: unsafe Int(fields.tm_gmtoff), zoneName: name)
    }

    /// `localtime_r` need not read the zone by itself.
    private static let systemZoneIsRead: Void = tzset()
}
