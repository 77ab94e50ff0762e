import Foundation
import Synchronization
import TestSupport

extension Limiter {
    /// Every test that starts tunnels goes through this one: more at once would only measure the machine.
    static let tunnels = Limiter(limit: 2)
}

/// Something that a test waited for and that did not come, or came out wrong.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Throws unless `condition` holds. Work on threads uses this: an expectation there would not find its test.
func check(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws {
    guard condition else { throw Failure(otherwise()) }
}

/// A point in time after which a test does not wait any longer.
struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    init(seconds: Double) { self.end = .now + .seconds(seconds) }

    var hasPassed: Bool { .now >= self.end }

    /// What is left, for `poll`.
    var milliseconds: Int32 {
        let left = ContinuousClock.now.duration(to: self.end)
        return Int32(clamping: max(0, Int(left / .milliseconds(1))))
    }
}

/// Waits until `condition` holds; `false` if it does not in time.
func waitUntil(_ deadline: Deadline, _ condition: () -> Bool) -> Bool {
    while !condition() {
        if deadline.hasPassed { return false }
        usleep(5000)
    }
    return true
}
