/// Which transmissions the peer's acknowledgements have spoken of, so that a lost datagram of acknowledgements is not taken
/// for lost data.
///
/// A datagram lists what arrived out of order one after the other, so what is missing between two of its entries has not
/// arrived. Our own program repeats the entries of earlier datagrams; where the entries of two datagrams do not reach each
/// other nevertheless, one between them was lost, and what it told is unknown. Losses in bursts of 8 both ways made 2 % of
/// all transmissions spurious without this.
///
/// The original tells everything once. Of a long run between two of its datagrams, of which one is full, the acknowledgements
/// are missing rather than the data; parity often brings them a little later.
struct AcknowledgementCoverage {
    /// The first and the last of the tags that the present datagram lists. Not a range: they wrap around.
    private var listed: (first: UInt32, last: UInt32)?
    private var count = 0
    /// Entries of the datagram before.
    private var formerCount = 0
    private var repeatedCount = 0
    /// How many repeated entries are followed at once by an older one that is repeated, too.
    private var fallingCount = 0
    private var isLastRepeated = false
    private var last: UInt32 = 0
    /// Tags before this one have been spoken of, or it was settled that they have not; but for those in `gaps`.
    private var end: UInt32
    /// What has been left out: it is overdue only a while later.
    private var gaps = TagGaps()
    /// The peer has repeated entries beside new ones, the newest first. The original never does; it tells of one twice that
    /// parity has rebuilt and that has come nevertheless.
    private(set) var peerRepeats = false

    /// A datagram with fewer entries has room for everything that it could repeat.
    private static let repetitionCount = 16
    /// So many in a row are not lost by chance.
    private static let leastUntoldRun = 16

    init(firstTag: UInt32 = 0) { self.end = firstTag }

    /// The present datagram lists a transmission. Returns whether all before it are new: the list has what is new in order
    /// of arrival, then what is repeated the other way round.
    mutating func note(_ tag: UInt32, isRepeated: Bool) -> Bool {
        defer { self.last = tag }
        let isRising = self.count > 0 && self.last.isBefore(tag)
        self.count += 1
        if isRepeated {
            if self.isLastRepeated, tag.isBefore(self.last) { self.fallingCount += 1 }
            self.repeatedCount += 1
        }
        self.isLastRepeated = isRepeated
        guard let listed = self.listed else {
            self.listed = (tag, tag)
            return false
        }
        if tag.isBefore(listed.first) { self.listed?.first = tag }
        if listed.last.isBefore(tag) { self.listed?.last = tag }
        return isRising
    }

    /// Whether nothing in the present datagram is repeated.
    var isNew: Bool { self.count == 1 || !self.peerRepeats }

    /// Whether a transmission that is overdue may have been acknowledged in a datagram that got lost.
    /// - Parameter hurry: nothing is to be waited for that a peer who says everything once may not say.
    func mayBeUntold(_ tag: UInt32, hurry: Bool) -> Bool {
        guard let listed, let gap = self.newGap?.containing(tag) ?? self.gaps.containing(tag) else { return false }
        if !tag.isBefore(listed.first), !listed.last.isBefore(tag) { return false }
        return self.peerRepeats || !hurry && gap.count >= Self.leastUntoldRun
    }

    /// What the present datagram leaves out after what was spoken of before.
    private var newGap: TagGaps.Gap? {
        // Of a peer that repeats nothing the last datagram of a burst may well be a short one.
        let count = self.peerRepeats ? self.count : max(self.count, self.formerCount)
        guard count >= Self.repetitionCount, let listed, self.end.isBefore(listed.first) else { return nil }
        return TagGaps.Gap(first: self.end, end: listed.first)
    }

    /// What the present datagram speaks of after later ones have come, if the peer says everything once: nothing else will be
    /// said of these, from the first up to, not including, the end.
    var belated: (first: UInt32, end: UInt32)? {
        guard !self.peerRepeats, let listed, listed.first.isBefore(self.end) else { return nil }
        return (listed.first, listed.last.isBefore(self.end) ? listed.last : self.end)
    }

    /// The datagram has been read and what it says of losses is judged.
    mutating func endDatagram() {
        if let listed {
            self.gaps.remove(from: listed.first, through: listed.last)
            if let newGap { self.gaps.append(newGap) }
            self.formerCount = self.count
            if self.end.isBefore(listed.last) { self.end = listed.last }
        }
        if self.fallingCount > 0, self.repeatedCount < self.count { self.peerRepeats = true }
        self.listed = nil
        self.count = 0
        self.repeatedCount = 0
        self.fallingCount = 0
        self.isLastRepeated = false
    }
}

/// The latest runs of tags that no datagram of acknowledgements has spoken of.
struct TagGaps {
    /// From the first tag up to, not including, the end. Tags wrap around.
    struct Gap: BitwiseCopyable {
        var first: UInt32
        var end: UInt32

        var count: Int { self.end.distance(after: self.first) }

        func containing(_ tag: UInt32) -> Gap? {
            !tag.isBefore(self.first) && tag.isBefore(self.end) ? self : nil
        }

        /// Of what lies on both sides of these the later part stays.
        mutating func remove(from first: UInt32, through last: UInt32) {
            guard self.first.isBefore(last &+ 1), first.isBefore(self.end) else { return }
            if last.isBefore(self.end &- 1) {
                self.first = last &+ 1
            } else {
                self.end = self.first.isBefore(first) ? first : self.first
            }
        }
    }

    private var gaps: InlineArray<4, Gap> = .init(repeating: Gap(first: 0, end: 0))
    private var next = 0
    /// Mostly there are none.
    private var isEmpty = true

    /// In place of the oldest.
    mutating func append(_ gap: Gap) {
        self.isEmpty = false
        self.gaps[self.next] = gap
        self.next = (self.next + 1) % self.gaps.count
    }

    func containing(_ tag: UInt32) -> Gap? {
        if self.isEmpty { return nil }
        for index in self.gaps.indices { if let gap = self.gaps[index].containing(tag) { return gap } }
        return nil
    }

    /// These have been spoken of.
    mutating func remove(from first: UInt32, through last: UInt32) {
        if self.isEmpty { return }
        self.isEmpty = true
        for index in self.gaps.indices {
            self.gaps[index].remove(from: first, through: last)
            if self.gaps[index].count > 0 { self.isEmpty = false }
        }
    }
}
