import ErasureCoding

/// The original's decoder as the text of protocol 02 §5 reads, with its auto-tune: what our packets must not mislead.
struct OriginalDecoder {
    private(set) var dataShards: Int
    private(set) var parityShards: Int
    /// A packet's kind did not fit its place.
    private(set) var isMistuned = false
    private var samples: [(number: UInt32, isData: Bool)] = []
    private var groups: [UInt32: [Int: [UInt8]]] = [:]
    private var newest: UInt32?

    init(dataShards: Int, parityShards: Int) {
        self.dataShards = dataShards
        self.parityShards = parityShards
    }

    private var groupSize: UInt32 { UInt32(self.dataShards + self.parityShards) }

    /// Takes a packet; returns the KCP packets that it rebuilds.
    mutating func handle(_ packet: [UInt8]) -> [[UInt8]] {
        guard let header = packet.shardHeader else { return [] }
        self.samples = self.samples.suffix(257) + [(header.sequenceNumber, header.kind == .data)]
        guard header.sequenceNumber < UInt32.max / self.groupSize * self.groupSize else { return [] }
        let position = Int(header.sequenceNumber % self.groupSize)
        if (position < self.dataShards) != (header.kind == .data) { self.isMistuned = true }
        guard !self.isMistuned else {
            self.tune()
            return []
        }
        return self.store(Array(packet[6...]), at: position, ofGroup: header.sequenceNumber / self.groupSize)
    }

    private mutating func store(_ shard: [UInt8], at position: Int, ofGroup id: UInt32) -> [[UInt8]] {
        var group = self.groups[id] ?? [:]
        defer { self.dropOldGroups(seen: id) }
        if group[position] == nil { group[position] = shard }
        guard group.count >= self.dataShards else {
            self.groups[id] = group
            return []
        }
        self.groups[id] = [:]
        return self.missingPackets(of: group)
    }

    private mutating func dropOldGroups(seen id: UInt32) {
        let size = self.groupSize
        let age = { (group: UInt32, newest: UInt32) in
            Int(Int32(bitPattern: newest &* size &- group &* size)) / Int(size)
        }
        if self.newest.map({ age(id, $0) < 0 }) ?? true { self.newest = id }
        guard let newest else { return }
        self.groups = self.groups.filter { age($0.key, newest) <= 3 }
    }

    private func missingPackets(of group: [Int: [UInt8]]) -> [[UInt8]] {
        let missing = (0..<self.dataShards).filter { group[$0] == nil }
        guard !missing.isEmpty else { return [] }
        let longest = group.values.map(\.count).max() ?? 0
        let rows = group.keys.sorted().prefix(self.dataShards)
        let shards = rows.map { (group[$0] ?? []) + [UInt8](repeating: 0, count: longest - (group[$0]?.count ?? 0)) }
        let matrix = PlainReedSolomon.codingMatrix(dataShards: self.dataShards, parityShards: self.parityShards)
        let inverse = PlainReedSolomon.inverted(rows.map { matrix[$0] })
        return missing.compactMap { position in
            let shard = PlainReedSolomon.combine(inverse[position], of: shards)
            guard shard.count >= 2 else { return nil }
            let size = Int(shard[0]) | Int(shard[1]) << 8
            return size >= 2 && size <= shard.count ? Array(shard[2..<size]) : nil
        }
    }

    private mutating func tune() {
        guard let data = self.period(ofData: true), let parity = self.period(ofData: false), data + parity < 256 else {
            return
        }
        self.isMistuned = false
        guard (data, parity) != (self.dataShards, self.parityShards) else { return }
        (self.dataShards, self.parityShards) = (data, parity)
        self.groups = [:]
        self.newest = nil
    }

    /// The length of the first run of a kind, from its left to its right edge; a gap before that ends the search.
    private func period(ofData wanted: Bool) -> Int? {
        guard let last = self.samples.last?.number, self.samples.count >= 3 else { return nil }
        let sorted = self.samples.sorted {
            Int32(bitPattern: $0.number &- last) < Int32(bitPattern: $1.number &- last)
        }
        var start: Int?
        for index in sorted.indices.dropFirst() {
            guard sorted[index].number == sorted[index - 1].number &+ 1 else { return nil }
            let (before, now) = (sorted[index - 1].isData, sorted[index].isData)
            if before != wanted, now == wanted, start == nil { start = index }
            if let start, before == wanted, now != wanted { return index - start }
        }
        return nil
    }
}
