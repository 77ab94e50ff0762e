import PacketPrimitives

/// How fast the addresses of one network may begin sessions, or are told that they have none: a token bucket per /24 (IPv4) or /56 (IPv6). Bounded.
struct PrefixLimiter {
    /// A network.
    private struct Prefix: Hashable {
        var bits: UInt64
        var family: PeerAddress.Family

        init(of address: PeerAddress) {
            self.family = address.family
            self.bits = address.high >> 8
        }
    }

    private struct Bucket {
        /// Thousandths of a session.
        var balance: Int
        var updated: Instant

        mutating func earn(until now: Instant) {
            let earned = min(now.milliseconds(since: self.updated), PrefixLimiter.fullMilliseconds)
            self.balance = min(PrefixLimiter.fullBalance, self.balance + earned * PrefixLimiter.perSecond)
            self.updated = now
        }
    }

    /// After a restart all clients behind one address come back at once, each with several sessions.
    static let burst = 256
    static let perSecond = 64
    static let capacity = 4096
    private static let fullBalance = burst * 1000
    private static let fullMilliseconds = fullBalance / perSecond

    private var buckets: [Prefix: Bucket] = [:]

    /// Whether `address` may begin another session now; then it counts.
    mutating func allows(_ address: PeerAddress, now: Instant) -> Bool {
        let prefix = Prefix(of: address)
        var bucket = self.buckets[prefix] ?? Bucket(balance: Self.fullBalance, updated: now)
        bucket.earn(until: now)
        let isAllowed = bucket.balance >= 1000
        if isAllowed { bucket.balance -= 1000 }
        if self.buckets.count >= Self.capacity, self.buckets[prefix] == nil { self.makeRoom(now: now) }
        self.buckets[prefix] = bucket
        return isAllowed
    }

    /// A full bucket is as good as none. If that is not enough so many networks take part that none of them matters.
    private mutating func makeRoom(now: Instant) {
        for prefix in self.buckets.keys { self.buckets[prefix]?.earn(until: now) }
        self.buckets = self.buckets.filter { $0.value.balance < Self.fullBalance }
        if self.buckets.count > Self.capacity / 2 { self.buckets = [:] }
    }
}
