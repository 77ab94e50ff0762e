import PacketPrimitives

/// Rebuilds lost KCP packets from the data and parity packets that arrive (protocol 02 §5).
///
/// The other side may use any counts: the decoder starts from the ones it is given and finds the right ones from the
/// packets' numbers. With wrong counts a "rebuilt" packet would look right and be garbage (a parity packet keeps every
/// field that is equal in all packets of its group), so nothing is rebuilt before the counts have shown themselves: by
/// the search, or by several packets that fit, a group's last data and first parity packet among them. It holds copies of
/// the shards of at most four groups, and no memory before the first packet.
public struct ParityDecoder: ~Copyable {
    /// A longer packet does not fit into a datagram.
    private static let maximumPacketByteCount = PacketSlab.maximumDatagramByteCount
    /// After so many groups' worth of packets that are all too old the other side must have started anew.
    private static let restartGroupCount = 4
    /// With fewer data packets in a group than this a boundary can be where it is expected by chance, so that many
    /// packets in a row must fit besides. Counts up to 6 + 4 in every pairing, 10–50 % lost, made 1151 of 66,240 draws
    /// rebuild nonsense without this condition, and a handful with it.
    private static let smallGroups = (tellingDataShards: 10, leastFittingCount: 14)

    private var code: ReedSolomonCode
    private var numbering: ShardNumbering
    private var groups: ShardGroupTable
    private var detector = ShardRatioDetector()
    /// The counts in force are unknown, or wrong: a packet had a number that does not fit its kind.
    private var isMistuned = false
    /// Packets have shown that the counts in force are right.
    private var isConfirmed = false
    /// How many packets in a row had the number of their kind, as long as the counts are not confirmed.
    private var fittingCount = 0
    /// A group's last data and first parity packet came where the counts in force have them.
    private var hasSeenBoundary = false
    /// How many packets in a row belonged to groups that are gone.
    private var consecutiveStaleCount = 0
    private var rebuilt = ShardBlock()
    private var points: [UInt8] = []
    private var lost: [UInt8] = []
    private var counters = Statistics()

    /// A decoder that knows nothing of the other side. The original starts from 1 + 1 (protocol 02 §5) and may rebuild
    /// nonsense until it has found out; this one waits.
    public init() {
        do { try self.init(dataShards: 1, parityShards: 1) } catch { preconditionFailure("1 + 1 is a code: \(error)") }
        self.isMistuned = true
    }

    /// A decoder that expects the other side to use these counts.
    public init(dataShards: Int, parityShards: Int) throws(ShardCountError) {
        self.code = try ReedSolomonCode(dataShards: dataShards, parityShards: parityShards)
        self.numbering = ShardNumbering(dataShards: dataShards, parityShards: parityShards)
        self.groups = ShardGroupTable(numbering: self.numbering)
    }

    /// The counts in force.
    public var ratio: (dataShards: Int, parityShards: Int) {
        (self.code.matrix.dataShards, self.code.matrix.parityShards)
    }

    /// The counts that the other side has shown to use; `nil` as long as that is not certain.
    public var confirmedRatio: (dataShards: Int, parityShards: Int)? { self.isConfirmed ? self.ratio : nil }

    /// Memory held for shards, bytes.
    package var memoryByteCount: Int { self.groups.memoryByteCount + self.rebuilt.memoryByteCount }

    /// What has been counted so far.
    public var statistics: Statistics {
        var statistics = self.counters
        statistics.incompleteGroups += self.groups.incompleteCount
        statistics.liveGroups = UInt64(self.groups.count)
        statistics.newestGroup = UInt64(self.groups.newest ?? 0)
        return statistics
    }

    /// Takes one data or parity packet, header first. The KCP packet in a data packet is the caller's to handle. KCP
    /// packets that can be rebuilt now go to `recovered`, in send order; their bytes are valid during the call only.
    public mutating func handlePacket(_ packet: RawSpan, recovered: (RawSpan) -> Void) {
        guard let header = ShardHeader(of: packet), header.kind != .outOfBand,
            packet.byteCount <= Self.maximumPacketByteCount
        else {
            self.counters.malformedPackets += 1
            return
        }
        self.detector.record(header)
        guard header.sequenceNumber < self.numbering.limit else {
            self.counters.malformedPackets += 1
            return
        }
        let position = self.numbering.position(of: header.sequenceNumber)
        if self.numbering.kind(at: position) != header.kind {
            self.startSearch()
        }
        guard !self.isMistuned else { return self.retune() }
        let shard = packet.extracting(droppingFirst: ShardHeader.protectedOffset)
        self.handleShard(shard, header: header, position: position, recovered: recovered)
    }

    /// Gives back the memory of groups that are done. For sessions that fall idle.
    package mutating func releaseMemory() {
        for index in self.groups.indices { self.groups[index].releaseMemory() }
        self.rebuilt.release()
    }

    private mutating func startSearch() {
        self.isMistuned = true
        self.isConfirmed = false
        self.hasSeenBoundary = false
        self.fittingCount = 0
    }

    /// Takes over the counts that the packets show, if they show any.
    private mutating func retune() {
        guard let ratio = self.detector.detect() else { return }
        self.isMistuned = false
        self.isConfirmed = true
        guard ratio != self.ratio,
            let code = try? ReedSolomonCode(dataShards: ratio.dataShards, parityShards: ratio.parityShards)
        else { return }
        self.code = code
        self.numbering = ShardNumbering(dataShards: ratio.dataShards, parityShards: ratio.parityShards)
        self.counters.incompleteGroups += self.groups.incompleteCount
        self.groups = ShardGroupTable(numbering: self.numbering)
        self.counters.ratioChanges += 1
    }

    private mutating func handleShard(
        _ shard: RawSpan, header: ShardHeader, position: Int, recovered: (RawSpan) -> Void
    ) {
        guard let index = self.groups.index(of: self.numbering.group(of: header.sequenceNumber)) else {
            return self.handleStaleShard(shard, kind: header.kind, recovered: recovered)
        }
        self.consecutiveStaleCount = 0
        guard !self.groups[index].contains(position) else {
            self.counters.repeatedPackets += 1
            return
        }
        if header.kind == .parity { self.countParity(isUnused: self.groups[index].isFinished) }
        self.groups[index].insert(shard, at: position)
        if !self.isConfirmed, self.isConfirmed(byGroupAt: index) {
            self.isConfirmed = true
            for index in self.groups.indices { self.finishIfSufficient(groupAt: index, recovered: recovered) }
        } else {
            self.finishIfSufficient(groupAt: index, recovered: recovered)
        }
    }

    /// Whether this group's newest packet, which fits, makes the counts certain.
    private mutating func isConfirmed(byGroupAt index: Int) -> Bool {
        self.fittingCount += 1
        if self.groups[index].showsBoundary { self.hasSeenBoundary = true }
        return self.hasSeenBoundary
            && (self.numbering.dataShards >= Self.smallGroups.tellingDataShards
                || self.fittingCount >= Self.smallGroups.leastFittingCount)
    }

    /// Rebuilds what a group lacks, if enough of it is there.
    private mutating func finishIfSufficient(groupAt index: Int, recovered: (RawSpan) -> Void) {
        guard !self.groups[index].isFinished, !self.groups[index].isExpired, self.groups[index].isSufficient else {
            return
        }
        if self.groups[index].parityCount == 0 {
            self.counters.fullGroups += 1
        } else if self.isConfirmed {
            self.recoverLostShards(ofGroupAt: index, recovered: recovered)
            self.counters.recoveredGroups += 1
        } else {
            return
        }
        self.groups[index].finish()
    }

    private mutating func countParity(isUnused: Bool) {
        self.counters.parityPackets += 1
        if isUnused { self.counters.unusedParityPackets += 1 }
    }

    private mutating func recoverLostShards(ofGroupAt index: Int, recovered: (RawSpan) -> Void) {
        let byteCount = self.groups[index].gatherSources(for: &self.code, points: &self.points, lost: &self.lost)
        self.rebuilt.removeAll()
        self.rebuilt.reserve(rows: self.lost.count, byteCount: byteCount)
        for row in self.lost.indices {
            unsafe self.code.setTarget(row, to: self.rebuilt.appendRow(byteCount: byteCount))
        }
        self.code.reconstruct(self.lost, from: self.points, byteCount: byteCount)
        for row in self.lost.indices {
            let succeeded = Self.deliver(self.rebuilt.bytes(of: row), to: recovered)
            self.countRecovery(succeeded: succeeded)
        }
    }

    /// Where the KCP packet lies in a shard, if the size field fits (protocol 02 §2).
    private static func content(of shard: RawSpan) -> Range<Int>? {
        guard shard.byteCount >= ShardHeader.sizeFieldByteCount else { return nil }
        let size = Int(shard.littleEndian(at: 0, as: UInt16.self))
        guard size >= ShardHeader.sizeFieldByteCount, size <= shard.byteCount else { return nil }
        return ShardHeader.sizeFieldByteCount..<size
    }

    /// False: the shard is nonsense.
    private static func deliver(_ shard: RawSpan, to recovered: (RawSpan) -> Void) -> Bool {
        guard let content = Self.content(of: shard) else { return false }
        recovered(shard.extracting(content))
        return true
    }

    private mutating func countRecovery(succeeded: Bool) {
        if succeeded { self.counters.recoveredPackets += 1 } else { self.counters.errors += 1 }
    }

    /// The group of this packet is gone. Alone of use: with one data shard each parity shard is a copy of it.
    private mutating func handleStaleShard(_ shard: RawSpan, kind: ShardKind, recovered: (RawSpan) -> Void) {
        self.counters.stalePackets += 1
        if kind == .parity, self.numbering.dataShards == 1, self.isConfirmed {
            self.countRecovery(succeeded: Self.deliver(shard, to: recovered))
        }
        self.consecutiveStaleCount += 1
        if self.consecutiveStaleCount >= Self.restartGroupCount * Int(self.numbering.groupSize) {
            self.consecutiveStaleCount = 0
            self.groups.removeAll()
        }
    }
}
