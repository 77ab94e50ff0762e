import PacketPrimitives

/// What has arrived of one group.
struct ShardGroup: ~Copyable {
    private static let absent = UInt8.max

    /// The group's number, of all that the wire can name.
    private(set) var id: UInt32
    private let dataShards: Int
    /// The group is done, recovered or complete: its shards have been forgotten and none is needed any more.
    private(set) var isFinished = false
    /// How many of the shards that were kept are parity.
    private(set) var parityCount = 0
    /// Too old to wait for any longer; the memory is free for another group.
    var isExpired = false
    /// Arrived shards in order of arrival, never more than D.
    private var shards = ShardBlock()
    /// For every position the row of its shard.
    private var rows: [UInt8]

    init(id: UInt32, numbering: ShardNumbering) {
        self.id = id
        self.dataShards = numbering.dataShards
        self.rows = [UInt8](repeating: Self.absent, count: Int(numbering.groupSize))
    }

    /// Makes this another group of the same numbering, keeping the memory.
    mutating func reset(id: UInt32) {
        self.id = id
        self.isFinished = false
        self.isExpired = false
        self.parityCount = 0
        self.shards.removeAll()
        for position in self.rows.indices { self.rows[position] = Self.absent }
    }

    /// D shards are there, by which all others are known.
    var isSufficient: Bool { self.shards.count == self.dataShards }

    /// Bytes of memory held for shards.
    var memoryByteCount: Int { self.shards.memoryByteCount }

    func isParity(_ position: Int) -> Bool { position >= self.dataShards }

    func contains(_ position: Int) -> Bool { self.rows[position] != Self.absent }

    /// Whether the shard's bytes are here.
    private func isKept(_ position: Int) -> Bool { Int(self.rows[position]) < self.shards.count }

    /// The last data and the first parity packet came where the counts in force have them.
    var showsBoundary: Bool { self.contains(self.dataShards - 1) && self.contains(self.dataShards) }

    /// Keeps a copy of a shard that is not there yet; of a finished or sufficient group only that it came.
    mutating func insert(_ shard: RawSpan, at position: Int) {
        self.rows[position] = UInt8(self.shards.count)
        guard !self.isFinished, !self.isSufficient else { return }
        if self.isParity(position) { self.parityCount += 1 }
        self.shards.append(shard)
    }

    /// Forgets the shards.
    mutating func finish() {
        self.isFinished = true
        self.shards.removeAll()
    }

    /// Gives back the memory of a group that nothing is expected of any more.
    mutating func releaseMemory() {
        if self.isFinished || self.isExpired { self.shards.release() }
    }

    /// Pads the shards to the longest and sets them as sources, a parity shard in the place of each lost data shard.
    /// `points` gets the position of each source, `lost` the data positions that are missing. Returns the length.
    mutating func gatherSources(
        for code: inout ReedSolomonCode, points: inout [UInt8], lost: inout [UInt8]
    ) -> Int {
        self.shards.pad(to: self.shards.longest)
        points.removeAll(keepingCapacity: true)
        lost.removeAll(keepingCapacity: true)
        var parity = self.dataShards
        for position in 0..<self.dataShards {
            var source = position
            if !self.isKept(position) {
                lost.append(UInt8(position))
                while !self.isKept(parity) { parity += 1 }
                source = parity
                parity += 1
            }
            points.append(UInt8(source))
            unsafe code.setSource(position, to: self.shards.pointer(to: Int(self.rows[source])))
        }
        return self.shards.longest
    }
}
