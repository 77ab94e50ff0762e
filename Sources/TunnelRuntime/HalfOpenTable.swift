import KCP
import PacketPrimitives

/// Sources that look as if they began a session, behind a cipher that anybody can forge, and have not proved yet that
/// they receive at their address. Each costs some hundred bytes instead of a session; the oldest go when there are too
/// many.
///
/// What they have sent so far is kept: a client that proves itself has lost one round trip and no packet.
struct HalfOpenTable {
    struct Entry {
        let challenge: PathChallenge
        let usesShards: Bool
        let began: Instant
        /// The packets so far, one behind the other, and how long each is.
        var bytes: [UInt8] = []
        var byteCounts: [Int] = []
    }

    static let capacity = 4096
    /// For all packets that are kept.
    static let byteCapacity = 1 << 20
    /// For those of one source.
    static let byteLimit = 4096
    static let lifetimeMilliseconds = 5000

    private var entries: [PeerAddress: Entry] = [:]
    /// In the order of their beginning. Entries that have gone since leave theirs behind.
    private var order: [(address: PeerAddress, began: Instant)] = []
    private var orderStart = 0
    private var byteCount = 0

    var count: Int { self.entries.count }
    /// Bytes of memory held, roughly.
    var memoryByteCount: Int { self.byteCount + self.entries.count * Self.entryByteCount }
    /// What an entry costs without its packets.
    private static let entryByteCount =
        2 * (MemoryLayout<PeerAddress>.stride + MemoryLayout<Entry>.stride) + MemoryLayout<Instant>.stride

    subscript(address: PeerAddress) -> Entry? { self.entries[address] }

    /// Adds a source, or puts another conversation in the place of the one that it began before. Returns how many others
    /// had to go.
    mutating func insert(_ challenge: PathChallenge, usesShards: Bool, from address: PeerAddress, now: Instant) -> Int {
        self.remove(address)
        var displacedCount = 0
        while self.entries.count >= Self.capacity || self.byteCount >= Self.byteCapacity {
            guard self.removeOldest() else { break }
            displacedCount += 1
        }
        self.entries[address] = Entry(challenge: challenge, usesShards: usesShards, began: now)
        self.order.append((address, now))
        return displacedCount
    }

    /// Keeps another packet of a source, if there is room.
    mutating func keep(_ packet: RawSpan, from address: PeerAddress) {
        guard let entry = self.entries[address], entry.bytes.count + packet.byteCount <= Self.byteLimit else { return }
        self.entries[address]?.bytes += [UInt8](copying: packet)
        self.entries[address]?.byteCounts.append(packet.byteCount)
        self.byteCount += packet.byteCount
    }

    @discardableResult
    mutating func remove(_ address: PeerAddress) -> Entry? {
        guard let entry = self.entries.removeValue(forKey: address) else { return nil }
        self.byteCount -= entry.bytes.count
        return entry
    }

    /// Removes those whose time is up; returns how many. Gives the memory back when none is left.
    mutating func removeExpired(now: Instant) -> Int {
        var count = 0
        while let oldest = self.oldest, now.milliseconds(since: oldest.began) >= Self.lifetimeMilliseconds {
            if self.removeFirst() { count += 1 }
        }
        if self.entries.isEmpty { self = HalfOpenTable() }
        return count
    }

    private var oldest: (address: PeerAddress, began: Instant)? {
        self.orderStart < self.order.count ? self.order[self.orderStart] : nil
    }

    /// Returns whether there was one.
    private mutating func removeOldest() -> Bool {
        while self.oldest != nil { if self.removeFirst() { return true } }
        return false
    }

    /// Removes what is first in the order. Returns whether there was an entry; it may have gone before.
    private mutating func removeFirst() -> Bool {
        guard let oldest else { return false }
        self.orderStart += 1
        if self.orderStart >= Self.capacity {
            self.order.removeFirst(self.orderStart)
            self.orderStart = 0
        }
        guard self.entries[oldest.address]?.began == oldest.began else { return false }
        self.remove(oldest.address)
        return true
    }
}

extension HalfOpenTable.Entry {
    /// The packets as a slab, for the session.
    var slab: PacketSlab {
        var slab = PacketSlab(byteCapacity: max(1, self.bytes.count), entryCapacity: max(1, self.byteCounts.count))
        var offset = 0
        for byteCount in self.byteCounts {
            slab.appendEntry(offset: offset, byteCount: byteCount)
            unsafe slab.copyBytes(
                from: self.bytes.span.bytes.extracting(offset..<offset + byteCount), at: slab.count - 1)
            offset += byteCount
        }
        return slab
    }
}
