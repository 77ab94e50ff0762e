package import Glibc

/// Time in nanoseconds, wall clock or processor.
package struct Nanoseconds: Sendable, Comparable {
    package var count: Int64

    package init(count: Int64) { self.count = count }

    package static var now: Nanoseconds { reading(CLOCK_MONOTONIC) }

    package static func reading(_ clock: clockid_t) -> Nanoseconds {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Nanoseconds(count: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package static func - (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(count: left.count - right.count)
    }
    package static func + (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(count: left.count + right.count)
    }
    package static func < (left: Nanoseconds, right: Nanoseconds) -> Bool { left.count < right.count }

    package var seconds: Double { Double(count) / 1e9 }
    package var milliseconds: Double { Double(count) / 1e6 }

    package static func sleep(seconds: Double) {
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
        unsafe withUnsafeMutablePointer(to: &time) { time in
            while unsafe nanosleep(time, time) != 0, errno == EINTR {}
        }
    }
}
