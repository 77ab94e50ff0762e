package import PacketPrimitives

/// What has arrived of a flow's payload, by time.
package struct PayloadMeter: Sendable {
    /// Length of a bucket.
    package static let bucketMicroseconds = 50_000

    private let start: Instant
    /// Bytes of each bucket since the start of the run.
    private var buckets: [Int] = []
    /// When the first byte came, and the last so far.
    package private(set) var first: Instant?
    private var last: Instant?
    private var longestGap = 0

    package init(start: Instant) { self.start = start }

    package mutating func add(_ byteCount: Int, now: Instant) {
        guard byteCount > 0 else { return }
        if let last { self.longestGap = max(self.longestGap, now.microseconds(since: last)) }
        if self.first == nil { self.first = now }
        self.last = now
        let bucket = now.microseconds(since: self.start) / Self.bucketMicroseconds
        while self.buckets.count <= bucket { self.buckets.append(0) }
        self.buckets[bucket] += byteCount
    }

    /// Bytes of one bucket.
    package subscript(bucket: Int) -> Int { self.buckets.indices.contains(bucket) ? self.buckets[bucket] : 0 }

    /// Bytes of all buckets of the range.
    package func byteCount(in range: Range<Int>) -> Int { range.reduce(0) { $0 + self[$1] } }

    /// The longest time without a byte between the first one and `end`, the time before the end included; `nil` if
    /// nothing came.
    package func longestStallMicroseconds(until end: Instant) -> Int? {
        guard let last else { return nil }
        return max(self.longestGap, end.microseconds(since: last))
    }
}
