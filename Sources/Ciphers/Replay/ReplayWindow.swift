package import PacketPrimitives

/// Opens datagrams, each only once: remembers those that were genuine, and drops their copies.
///
/// Every sender puts a fresh nonce into every datagram (protocol 01 §3, §4), a repetition of lost data included. So a
/// nonce that comes again belongs to a datagram that somebody has recorded, or that the network has doubled, and neither
/// has anything to say. Eight bytes of it, mixed with a secret, stand for a datagram. Only genuine ones are remembered:
/// junk cannot push them out.
///
/// There is room for 2048 of them, and twice as many, up to 65,536, each time that as many as there is room for have come in
/// less than half a minute; nearly all of the last quarter of that are known (see `FingerprintTable`). A genuine datagram is
/// taken for a copy if its eight random bytes are among those: with a probability of 2⁻⁴⁸ at most. Cost: one cache line, no
/// allocation, 16 to 512 KiB of memory.
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
    private var table = FingerprintTable(capacity: ReplayWindow.firstCapacity)
    /// How many have been put in since.
    private var count = 0
    private var counted: Instant
    /// The fingerprints of the entries of the burst that was opened last.
    private var burst: [UInt64] = []

    package init(secret: Secret, now: Instant) {
        self.secret = secret
        self.counted = now
    }

    /// What the table takes.
    package var byteCount: Int { self.table.byteCount }

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
        let knownCount = Self.dropKnown(
            &slab, range, fingerprintOffset: offset, self.secret, self.table, marks: &self.burst)
        var result = envelope.open(&slab, range)
        let (newCount, repeatedCount) = Self.remember(&slab, range, in: &self.table, marks: &self.burst)
        self.note(newCount, now: now())
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
        guard let fingerprint else { return true }
        let isNew = self.table.insert(fingerprint)
        if isNew { self.note(1, now: now) } else { self.burst[0] = Mark.repeated }
        return isNew
    }

    // MARK: Steps

    /// Before opening, which is the expensive part and destroys the nonces.
    private static func dropKnown(
        _ slab: inout PacketSlab, _ range: Range<Int>, fingerprintOffset: Int, _ secret: Secret,
        _ table: borrowing FingerprintTable, marks: inout [UInt64]
    ) -> Int {
        var count = 0
        var marks = marks.mutableSpan
        for index in range {
            let entry = slab[index]
            marks[index] = Mark.missing
            guard Int(entry.byteCount) >= fingerprintOffset + MemoryLayout<UInt64>.size else { continue }
            let word = unsafe (slab.baseAddress + Int(entry.offset)).loadUnaligned(
                fromByteOffset: fingerprintOffset, as: UInt64.self)
            let fingerprint = secret.fingerprint(word)
            marks[index] = fingerprint
            guard table.contains(fingerprint) else { continue }
            marks[index] = Mark.repeated
            slab.drop(at: index)
            count += 1
        }
        return count
    }

    /// What is still there has been opened. Two entries of the burst may be the same.
    private static func remember(
        _ slab: inout PacketSlab, _ range: Range<Int>, in table: inout FingerprintTable, marks: inout [UInt64]
    ) -> (newCount: Int, repeatedCount: Int) {
        var (newCount, repeatedCount) = (0, 0)
        var marks = marks.mutableSpan
        for index in range where slab[index].byteCount > 0 && marks[index] != Mark.missing {
            if table.insert(marks[index]) {
                newCount += 1
            } else {
                marks[index] = Mark.repeated
                slab.drop(at: index)
                repeatedCount += 1
            }
        }
        return (newCount, repeatedCount)
    }

    /// So many have been put in.
    private mutating func note(_ newCount: Int, now: @autoclosure () -> Instant) {
        self.count += newCount
        if self.count >= self.table.capacity { self.adapt(now: now()) }
    }

    private mutating func adapt(now: Instant) {
        let isTooSmall = now.milliseconds(since: self.counted) < Self.wantedMilliseconds
        if isTooSmall, self.table.capacity < Self.largestCapacity {
            self.table = FingerprintTable(doubling: self.table)
        }
        self.counted = now
        self.count = 0
    }

    private mutating func makeRoom(upTo count: Int) {
        guard self.burst.count < count else { return }
        self.burst += repeatElement(Mark.missing, count: count - self.burst.count)
    }
}
