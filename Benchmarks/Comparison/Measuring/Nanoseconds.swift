import Glibc

/// Time in nanoseconds, wall clock or processor.
struct Nanoseconds: Sendable, Comparable {
    var count: Int64

    static var now: Nanoseconds { reading(CLOCK_MONOTONIC) }

    static func reading(_ clock: clockid_t) -> Nanoseconds {
        var time = timespec()
        clock_gettime(clock, &time)
        return Nanoseconds(count: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    static func - (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(count: left.count - right.count)
    }
    static func + (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(count: left.count + right.count)
    }
    static func < (left: Nanoseconds, right: Nanoseconds) -> Bool { left.count < right.count }

    var seconds: Double { Double(count) / 1e9 }
    var milliseconds: Double { Double(count) / 1e6 }

    static func sleep(seconds: Double) {
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
        withUnsafeMutablePointer(to: &time) { time in
            while nanosleep(time, time) != 0, errno == EINTR {}
        }
    }
}
