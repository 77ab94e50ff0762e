import PacketPrimitives

/// Finds out who sends a flood of useless datagrams, so that the kernel can turn them away, for a second at a time: that
/// costs much less than to read them.
///
/// Of forged addresses, which are all different, nobody sends enough to be named, and only the busiest few are kept. Who
/// has a session is never named, whatever comes with that address on it.
struct JunkSources {
    static let capacity = 16
    /// So many useless datagrams of one source in a window of `windowMilliseconds`: 4000 per second.
    static let leastCount = 200
    static let windowMilliseconds = 50
    static let turnAwayMilliseconds = 1000

    private var counts: [(source: PeerAddress, count: Int)] = []
    private var windowStart: Instant?
    private var turnedAway: [(source: PeerAddress, until: Instant)] = []

    /// Whom to turn away.
    var turnedAwaySources: [PeerAddress] { self.turnedAway.map(\.source) }

    /// When that changes by itself.
    var nextEnd: Instant? { self.turnedAway.map(\.until).min() }

    /// `count` useless datagrams have come from there. Returns whether that is enough to turn the source away, which may
    /// follow by `turnAway`.
    mutating func note(_ count: Int, from source: PeerAddress, now: Instant) -> Bool {
        if self.windowStart.map({ now.milliseconds(since: $0) >= Self.windowMilliseconds }) ?? true {
            self.windowStart = now
            self.counts.removeAll(keepingCapacity: true)
        }
        guard let index = self.counts.firstIndex(where: { $0.source == source }) else {
            self.begin(source, count)
            return count >= Self.leastCount
        }
        self.counts[index].count += count
        return self.counts[index].count >= Self.leastCount
    }

    /// When there is no room, everybody loses the same until there is: what remains of a count has certainly been sent.
    private mutating func begin(_ source: PeerAddress, _ count: Int) {
        var count = count
        if self.counts.count == Self.capacity {
            let loss = self.counts.reduce(count) { min($0, $1.count) }
            for index in self.counts.indices { self.counts[index].count -= loss }
            self.counts.removeAll { $0.count == 0 }
            count -= loss
        }
        if count > 0 { self.counts.append((source, count)) }
    }

    /// Names the source, if there is room. Returns whether that is news.
    mutating func turnAway(_ source: PeerAddress, now: Instant) -> Bool {
        guard self.turnedAway.count < Self.capacity, !self.turnedAway.contains(where: { $0.source == source }) else {
            return false
        }
        self.turnedAway.append((source, now.advanced(milliseconds: Self.turnAwayMilliseconds)))
        return true
    }

    /// Forgets those whose time is over.
    mutating func readmit(now: Instant) { self.turnedAway.removeAll { $0.until <= now } }
}
