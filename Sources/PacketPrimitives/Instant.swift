/// A point on the caller's monotonic clock.
///
/// The protocol half never reads a clock: whoever drives it passes the time in. The origin is
/// free, but must be the same for all calls on one object, and time never runs backwards.
public struct Instant: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// Microseconds since the clock's origin.
    public var microseconds: UInt64

    /// So many microseconds after the clock's origin.
    @inlinable
    public init(microseconds: UInt64) { self.microseconds = microseconds }

    /// So many milliseconds after the clock's origin.
    @inlinable
    public init(milliseconds: UInt64) { self.microseconds = milliseconds &* 1000 }

    /// The wrapping millisecond clock that KCP carries in its `ts` field.
    @inlinable
    public var milliseconds: UInt32 { UInt32(truncatingIfNeeded: self.microseconds / 1000) }

    /// The instant so many milliseconds later. Traps if the number is negative.
    @inlinable
    public func advanced(milliseconds: Int) -> Instant {
        self.advanced(microseconds: milliseconds * 1000)
    }

    /// The instant so many microseconds later. Traps if the number is negative.
    @inlinable
    public func advanced(microseconds: Int) -> Instant {
        precondition(microseconds >= 0, "time does not run backwards")
        return Instant(microseconds: self.microseconds &+ UInt64(microseconds))
    }

    /// The instant so many microseconds earlier; the clock's origin if that is later.
    @inlinable
    public func rewound(microseconds: Int) -> Instant {
        Instant(microseconds: self.microseconds - min(self.microseconds, UInt64(max(0, microseconds))))
    }

    /// How long ago `earlier` was, in microseconds; 0 if it lies in the future.
    @inlinable
    public func microseconds(since earlier: Instant) -> Int {
        self.microseconds > earlier.microseconds ? Int(self.microseconds - earlier.microseconds) : 0
    }

    /// How long ago `earlier` was, in whole milliseconds; 0 if it lies in the future.
    @inlinable
    public func milliseconds(since earlier: Instant) -> Int { self.microseconds(since: earlier) / 1000 }

    /// Whether `left` is earlier.
    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    /// The earlier of two optional deadlines, where `nil` means never.
    @inlinable
    public static func earliest(_ left: Instant?, _ right: Instant?) -> Instant? {
        guard let left else { return right }
        guard let right else { return left }
        return min(left, right)
    }
}
