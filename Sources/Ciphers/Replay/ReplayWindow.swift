package import PacketPrimitives

/// Opens datagrams, each only once: remembers those that were genuine, and drops their copies.
///
/// Every sender puts a fresh nonce into every datagram (protocol 01 §3, §4), a repetition of lost data included. So a
/// nonce that comes again belongs to a datagram that somebody has recorded, or that the network has doubled, and neither
/// has anything to say. Eight bytes of it, mixed with a secret, stand for a datagram. Only genuine ones are remembered:
/// junk cannot push them out.
///
/// There are two generations. When the newer one is full it becomes the older one, whose content is forgotten; so of the
/// genuine datagrams the last one to two generations are known. A generation has room for 2048, and for more, up to
/// 65,536, when it is full in less than half a minute.
///
/// A genuine datagram is taken for a copy if its eight random bytes are among the 131,072 that are remembered at most:
/// with a probability below 2⁻⁴⁶. Cost: a few looks into tables, no allocation, 64 KiB to 2 MiB of memory.
package struct ReplayWindow: ~Copyable {
    /// What the fingerprints are mixed with. Windows that hand each other packets need the same.
    package struct Secret: Sendable {
        fileprivate let mask: UInt64
        fileprivate let factor: UInt64

        package init(_ random: any RandomSource) {
            self.mask = random.next(as: UInt64.self)
            self.factor = random.next(as: UInt64.self) | 1
        }

        /// A different number for each `word`, but never one of the marks.
        @inline(__always)
        fileprivate func fingerprint(_ word: UInt64) -> UInt64 {
            var mixed = (word ^ self.mask) &* self.factor
            mixed ^= mixed >> 32
            mixed = mixed &* self.factor
            return max(mixed, Mark.repeated + 1)
        }
    }

    /// What stands in place of the fingerprint of an entry.
    private enum Mark {
        /// It has none.
        static let missing: UInt64 = 0
        /// It was a copy.
        static let repeated: UInt64 = 1
    }

    static let firstCapacity = 1 << 11
    static let largestCapacity = 1 << 16
    static let wantedMilliseconds = 30_000

    private let secret: Secret
    private var newer = FingerprintSet(capacity: ReplayWindow.firstCapacity)
    private var older = FingerprintSet(capacity: ReplayWindow.firstCapacity)
    /// When the newer generation was begun.
    private var begun: Instant
    /// The fingerprints of the entries of the burst that was opened last.
    private var burst: [UInt64] = []

    package init(secret: Secret, now: Instant) {
        self.secret = secret
        self.begun = now
    }

    /// What the tables take.
    package var byteCount: Int { self.newer.byteCount + self.older.byteCount }

    /// Opens the entries of the range, and drops those that are copies of earlier ones, or of each other.
    package mutating func open(
        _ slab: inout PacketSlab, _ range: Range<Int>, with envelope: any PacketEnvelope,
        now: @autoclosure () -> Instant
    ) -> OpenResult {
        self.makeRoom(upTo: range.upperBound)
        guard let offset = envelope.fingerprintOffset else {
            for index in range { self.burst[index] = Mark.missing }
            return envelope.open(&slab, range)
        }
        let knownCount = self.dropKnown(&slab, range, fingerprintOffset: offset)
        var result = envelope.open(&slab, range)
        let repeatedCount = self.remember(&slab, range, now: now())
        result.opened -= repeatedCount
        result.replayed = knownCount + repeatedCount
        return result
    }

    /// Whether an entry of the burst was dropped as a copy.
    package func isRepeated(_ index: Int) -> Bool { self.burst[index] == Mark.repeated }

    // MARK: Packets for other loops

    /// What identifies an opened entry of the burst towards windows with the same secret; `nil` for nothing.
    package func fingerprint(at index: Int) -> UInt64? {
        let fingerprint = self.burst[index]
        return fingerprint > Mark.repeated ? fingerprint : nil
    }

    /// A packet that another window has opened is the burst now. Returns whether it is new to this one too.
    package mutating func takeOver(_ fingerprint: UInt64?, now: Instant) -> Bool {
        self.makeRoom(upTo: 1)
        self.burst[0] = fingerprint ?? Mark.missing
        guard let fingerprint, !self.insert(fingerprint, now: now) else { return true }
        self.burst[0] = Mark.repeated
        return false
    }

    // MARK: Steps

    /// Before opening, which is the expensive part and destroys the nonces.
    private mutating func dropKnown(_ slab: inout PacketSlab, _ range: Range<Int>, fingerprintOffset: Int) -> Int {
        var count = 0
        for index in range {
            guard slab[index].byteCount >= fingerprintOffset + MemoryLayout<UInt64>.size else {
                self.burst[index] = Mark.missing
                continue
            }
            let word = unsafe slab.pointer(at: index).loadUnaligned(fromByteOffset: fingerprintOffset, as: UInt64.self)
            let fingerprint = self.secret.fingerprint(word)
            let isKnown = self.newer.contains(fingerprint) || self.older.contains(fingerprint)
            self.burst[index] = isKnown ? Mark.repeated : fingerprint
            guard isKnown else { continue }
            slab.drop(at: index)
            count += 1
        }
        return count
    }

    /// What is still there has been opened. Two entries of the burst may be the same.
    private mutating func remember(_ slab: inout PacketSlab, _ range: Range<Int>, now: @autoclosure () -> Instant)
        -> Int
    {
        var count = 0
        for index in range where slab[index].byteCount > 0 && self.burst[index] != Mark.missing {
            if self.insert(self.burst[index], now: now()) { continue }
            self.burst[index] = Mark.repeated
            slab.drop(at: index)
            count += 1
        }
        return count
    }

    /// Returns whether it is new.
    private mutating func insert(_ fingerprint: UInt64, now: @autoclosure () -> Instant) -> Bool {
        guard !self.older.contains(fingerprint), self.newer.insert(fingerprint) else { return false }
        if self.newer.isFull { self.beginGeneration(now: now()) }
        return true
    }

    private mutating func beginGeneration(now: Instant) {
        let isTooSmall = now.milliseconds(since: self.begun) < Self.wantedMilliseconds
        let capacity = isTooSmall ? min(2 * self.newer.capacity, Self.largestCapacity) : self.newer.capacity
        swap(&self.newer, &self.older)
        if self.newer.capacity == capacity {
            self.newer.removeAll()
        } else {
            self.newer = FingerprintSet(capacity: capacity)
        }
        self.begun = now
    }

    private mutating func makeRoom(upTo count: Int) {
        guard self.burst.count < count else { return }
        self.burst += repeatElement(Mark.missing, count: count - self.burst.count)
    }
}
